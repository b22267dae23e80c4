// Resets passwords and ends locks for an operator. Exits with 0, with 1 when the command is refused or fails, and with 2
// when its arguments are not valid.
import { runCommand } from '@polyglot-notes/service-kit';
import { readConfig } from './config.ts';
import { createAdminContext } from './context.ts';
import {
  parseAdminArguments,
  runAdminCommand,
  usage,
  type AdminArguments,
} from './passwords/admin-command.ts';

async function run(given: AdminArguments): Promise<string> {
  const context = await createAdminContext(readConfig());
  try {
    return await runAdminCommand(given, context);
  } finally {
    await context.close();
  }
}

await runCommand({ given: parseAdminArguments(process.argv.slice(2)), usage, run });
