// npm run admin: lists and changes the admins of the system that npm start runs here, resets passwords and ends locks.
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { errorMessage } from '@polyglot-notes/service-kit';
import { readEnvFile } from './system/env-file.ts';
import { runProgram } from './system/run-program.ts';
import { loadSecrets } from './system/secrets.ts';
import { readSettings } from './system/settings.ts';

const root = fileURLToPath(new URL('../../../', import.meta.url));
const args = process.argv.slice(2);
const commands = {
  'user-service': ['list', 'promote', 'demote'],
  'auth-service': ['reset-password', 'unlock'],
} as const;
const services = ['user-service', 'auth-service'] as const;

try {
  const settings = readSettings(root, { ...readEnvFile(join(root, '.env')), ...process.env });
  const system = { root, settings, secrets: loadSecrets(settings.stateDir) };
  const responsible = services.filter((service) => commands[service].some((command) => command === args[0]));
  // An unknown command prints the usage of both.
  for (const service of responsible.length === 0 ? services : responsible)
    process.exitCode = await runProgram({ service, file: 'admin.ts', args }, system);
} catch (error) {
  console.error(errorMessage(error));
  process.exitCode = 1;
}
