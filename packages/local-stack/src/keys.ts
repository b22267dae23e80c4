// npm run keys: lists, rotates, retires and reseals the signing keys of the system that npm start runs here. `reseal` also
// replaces KEY_ENCRYPTION_KEY in secrets.json.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { errorMessage } from '@polyglot-notes/service-kit';
import { readEnvFile } from './system/env-file.ts';
import { runWithSecrets } from './system/keys-secrets.ts';
import type { Secrets } from './system/secrets.ts';
import { wireServices } from './system/services.ts';
import { readSettings } from './system/settings.ts';

const root = fileURLToPath(new URL('../../../', import.meta.url));
// npm keeps an option that is given without "--" before it.
const args = [...process.argv.slice(2), ...(process.env['npm_config_now'] ? ['--now'] : [])];

async function run(): Promise<number> {
  const settings = readSettings(root, { ...readEnvFile(join(root, '.env')), ...process.env });

  /** Runs the command of auth-service and returns its exit code. */
  async function keys(secrets: Secrets): Promise<number> {
    const { environmentOf } = wireServices({
      root,
      settings,
      secrets,
      mongoUrl: settings.MONGODB_URL ?? `mongodb://127.0.0.1:${settings.MONGODB_PORT}`,
      smtpUrl: `smtp://127.0.0.1:${settings.SMTP_PORT}`,
      // auth-service does not use these.
      databaseUrl: '',
      admin: undefined,
      logDir: '',
    });
    const command = spawn(process.execPath, [join(root, 'auth-service/src/keys.ts'), ...args], {
      stdio: 'inherit',
      env: { PATH: process.env['PATH'], ...environmentOf('auth-service') },
    });
    const [code] = (await once(command, 'exit')) as [number | null];
    return code ?? 1;
  }

  const code = await runWithSecrets(settings.stateDir, args, keys);
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
