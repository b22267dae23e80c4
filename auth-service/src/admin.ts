// Resets passwords and ends locks for an operator. Exits with 0, with 1 when the command is refused or fails, and with 2
// when its arguments are not valid.
import { errorMessage } from '@polyglot-notes/service-kit';
import { readConfig } from './config.ts';
import { createContext } from './context.ts';
import { createLinks } from './mail/links.ts';
import {
  parseAdminArguments,
  runAdminCommand,
  usage,
  type AdminArguments,
} from './passwords/admin-command.ts';

async function run(given: AdminArguments): Promise<string> {
  const config = { ...readConfig(), LOG_LEVEL: 'silent' as const };
  const context = await createContext(config);
  try {
    return await runAdminCommand(given, { ...context, links: createLinks(config) });
  } finally {
    await context.close();
  }
}

const given = parseAdminArguments(process.argv.slice(2));
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
