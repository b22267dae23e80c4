import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { databaseUrls } from './local-system.ts';
import type { Secrets } from './secrets.ts';
import { wireServices, type ServiceName } from './services.ts';
import type { Settings } from './settings.ts';

interface Program {
  service: ServiceName;
  /** In `src/` of the service. */
  file: string;
  args: readonly string[];
}

interface System {
  root: string;
  settings: Settings;
  secrets: Secrets;
}

/** Runs a program of a service with the environment that `npm start` gives the service. Resolves with its exit code. */
export async function runProgram({ service, file, args }: Program, system: System): Promise<number> {
  const { root, settings, secrets } = system;
  const { environmentOf } = wireServices({
    ...system,
    ...databaseUrls(settings, secrets),
    smtpUrl: `smtp://127.0.0.1:${settings.SMTP_PORT}`,
    // The programs do not use these.
    admin: undefined,
    logDir: '',
  });
  const program = spawn(process.execPath, [join(root, service, 'src', file), ...args], {
    stdio: 'inherit',
    env: { PATH: process.env['PATH'], ...environmentOf(service) },
  });
  const [code] = (await once(program, 'exit')) as [number | null];
  return code ?? 2;
}
