// Lists, promotes and demotes admins. Exits with 0, with 1 when the command is refused or fails, and with 2 when its
// arguments are not valid.
import { runCommand } from '@polyglot-notes/service-kit';
import {
  parseAdminArguments,
  runAdminCommand,
  usage,
  type AdminArguments,
} from './accounts/admin-command.ts';
import { readConfig } from './config.ts';
import { createContext } from './context.ts';

async function run(given: AdminArguments): Promise<string> {
  const context = await createContext({ ...readConfig(), LOG_LEVEL: 'silent' });
  try {
    return await runAdminCommand(given, context);
  } finally {
    await context.close();
  }
}

await runCommand({ given: parseAdminArguments(process.argv.slice(2)), usage, run });
