// npm run reconcile: compares the three stores of the system that npm start runs here. See user-service's README.
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { readEnvFile } from './system/env-file.ts';
import { runProgram } from './system/run-program.ts';
import { loadSecrets } from './system/secrets.ts';
import { readSettings } from './system/settings.ts';

const root = fileURLToPath(new URL('../../../', import.meta.url));
const settings = readSettings(root, { ...readEnvFile(join(root, '.env')), ...process.env });
process.exitCode = await runProgram(
  { service: 'user-service', file: 'reconcile.ts', args: process.argv.slice(2) },
  { root, settings, secrets: loadSecrets(settings.stateDir) },
);
