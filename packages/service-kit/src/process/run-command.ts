import { errorMessage } from './error-code.ts';

interface Command<Given> {
  /** The parsed arguments; undefined when they are not valid. */
  given: Given | undefined;
  usage: string;
  /** Returns what the command prints. Throws when it is refused or fails. */
  run: (given: Given) => Promise<string>;
}

/**
 * Runs a command of an operator and ends the process: with 0, with 1 when the command is refused or fails, and with 2 when its
 * arguments are not valid.
 */
export async function runCommand<Given>({ given, usage, run }: Command<Given>): Promise<never> {
  if (given === undefined) {
    console.error(usage);
    process.exit(2);
  }
  try {
    console.log(await run(given));
    process.exit(0);
  } catch (error) {
    console.error(errorMessage(error));
    process.exit(1);
  }
}
