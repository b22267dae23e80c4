// npm run reconcile: compares the three stores of the system that npm start runs here. See user-service's README.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { readEnvFile } from './system/env-file.ts';
import { loadSecrets } from './system/secrets.ts';
import { wireServices } from './system/services.ts';
import { readSettings } from './system/settings.ts';

const root = fileURLToPath(new URL('../../../', import.meta.url));
const settings = readSettings(root, { ...readEnvFile(join(root, '.env')), ...process.env });
const { environmentOf } = wireServices({
  root,
  settings,
  secrets: loadSecrets(settings.stateDir),
  mongoUrl: settings.MONGODB_URL ?? `mongodb://127.0.0.1:${settings.MONGODB_PORT}`,
  // user-service does not use these.
  databaseUrl: '',
  smtpUrl: '',
  admin: undefined,
  logDir: '',
});
const command = spawn(
  process.execPath,
  [join(root, 'user-service/src/reconcile.ts'), ...process.argv.slice(2)],
  { stdio: 'inherit', env: { PATH: process.env['PATH'], ...environmentOf('user-service') } },
);
const [code] = (await once(command, 'exit')) as [number | null];
process.exitCode = code ?? 2;
