// npm run keys: lists, rotates, retires and reseals the signing keys of the system that npm start runs here. `reseal` also
// replaces KEY_ENCRYPTION_KEY in secrets.json.
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { errorMessage } from '@polyglot-notes/service-kit';
import { readEnvFile } from './system/env-file.ts';
import { runWithSecrets } from './system/keys-secrets.ts';
import { runProgram } from './system/run-program.ts';
import { readSettings } from './system/settings.ts';

const root = fileURLToPath(new URL('../../../', import.meta.url));
// npm keeps an option that is given without "--" before it.
const args = [...process.argv.slice(2), ...(process.env['npm_config_now'] ? ['--now'] : [])];

async function run(): Promise<number> {
  const settings = readSettings(root, { ...readEnvFile(join(root, '.env')), ...process.env });
  const code = await runWithSecrets(settings.stateDir, args, (secrets) =>
    runProgram({ service: 'auth-service', file: 'keys.ts', args }, { root, settings, secrets }),
  );
  if (code === 0 && args[0] === 'reseal')
    console.log('secrets.json has a new KEY_ENCRYPTION_KEY. Restart npm start before the next rotation.');
  return code;
}

try {
  process.exitCode = await run();
} catch (error) {
  console.error(errorMessage(error));
  process.exitCode = 1;
}
