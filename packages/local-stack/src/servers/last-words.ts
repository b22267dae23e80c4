import { readFile } from 'node:fs/promises';

/** The last error in a server's log file, or its last line, as the end of a sentence; "." when it is empty. */
export async function lastWords(logPath: string): Promise<string> {
  const log = await readFile(logPath, 'utf8').catch(() => ''); // without a log there is no error
  return lastLine(log.match(/^.*(?:FATAL|PANIC|ERROR):.*$/gm)?.at(-1) ?? log);
}

/** The last line of the text, ending in one full stop. */
export const lastLine = (text: string): string => `${text.trim().split('\n').at(-1)}.`.replace(/\.\.$/, '.');
