// npm run admin: lists, promotes and demotes the admins of the system that npm start runs here.
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { errorMessage } from '@polyglot-notes/service-kit';
import { readEnvFile } from './system/env-file.ts';
import { runProgram } from './system/run-program.ts';
import { loadSecrets } from './system/secrets.ts';
import { readSettings } from './system/settings.ts';

const root = fileURLToPath(new URL('../../../', import.meta.url));
try {
  const settings = readSettings(root, { ...readEnvFile(join(root, '.env')), ...process.env });
  process.exitCode = await runProgram(
    { service: 'user-service', file: 'admin.ts', args: process.argv.slice(2) },
    { root, settings, secrets: loadSecrets(settings.stateDir) },
  );
} catch (error) {
  console.error(errorMessage(error));
  process.exitCode = 1;
}
