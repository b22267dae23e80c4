// In containers: node src/main.ts backup, or node src/main.ts restore BACKUP.
import { readEnv, runCommand } from '@polyglot-notes/service-kit';
import { z } from 'zod';
import { carryOut, parseCommand, usage } from './command.ts';
import { databaseEnv, readBackupSettings } from './config.ts';
import { databasesOf } from './databases.ts';

await runCommand({
  given: parseCommand(process.argv.slice(2)),
  usage,
  run: (given) => {
    const settings = readBackupSettings({ ...process.env, ...given.settings });
    return carryOut(given, settings, () => databasesOf(readEnv(z.object(databaseEnv), process.env)));
  },
});
