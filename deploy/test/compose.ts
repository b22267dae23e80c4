import { execFile, execFileSync } from 'node:child_process';
import { appendFileSync, copyFileSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseEnv, promisify } from 'node:util';
import { settingNames } from '@polyglot-notes/local-stack';

export const root = fileURLToPath(new URL('../../', import.meta.url));
const run = promisify(execFile);

export type Compose = ReturnType<typeof composeProject>;

/**
 * A separate system in containers, without rate limits. `files` are compose files of the version in the folder `checkout`, and
 * `settings` go into its `.env`.
 */
export function composeProject(
  name: string,
  files: string[],
  settings: Record<string, string> = {},
  checkout = root,
) {
  const folder = mkdtempSync(join(tmpdir(), 'polyglot-notes-compose-'));
  const envFile = join(folder, '.env');
  /** Creates the `.env` of the current checkout, or adds what it lacks. */
  function makeEnv(): void {
    copyFileSync(join(checkout, '.env.example'), join(folder, '.env.example'));
    execFileSync(process.execPath, [join(checkout, 'deploy/env/make.ts')], { cwd: folder, stdio: 'pipe' });
  }
  makeEnv();
  const withoutLimits = {
    RATE_LIMIT_MAX: '0',
    RATE_LIMIT_AUTH_MAX: '0',
    RATE_LIMIT_REFRESH_MAX: '0',
    EMAIL_VERIFICATION: 'off',
  };
  const lines = Object.entries({ ...withoutLimits, ...settings });
  appendFileSync(envFile, lines.map(([key, value]) => `\n${key}=${value}`).join(''));
  const variables = parseEnv(readFileSync(envFile, 'utf8'));

  const url = `http://127.0.0.1:${variables['GATEWAY_PORT']}`;
  const mailUrl = `http://127.0.0.1:${variables['MAIL_PORT']}`;
  const admin = { email: variables['ADMIN_EMAIL'] ?? '', password: variables['ADMIN_PASSWORD'] ?? '' };

  // The variables of the caller would override those of the file.
  const examples = [root, checkout].map((path) => readFileSync(join(path, '.env.example'), 'utf8'));
  const known = new Set(examples.flatMap(settingNames));
  const caller = Object.fromEntries(Object.entries(process.env).filter(([key]) => !known.has(key)));
  const env = {
    ...caller,
    COMPOSE_PROJECT_NAME: name,
    COMPOSE_ENV_FILES: envFile,
    COMPOSE_FILE: files.join(delimiter),
  };
  const command = async (file: string, ...args: string[]): Promise<string> =>
    (await run(file, args, { cwd: checkout, env, maxBuffer: 64e6 })).stdout.trim();
  const docker = (...args: string[]) => command('docker', ...args);
  const compose = (...args: string[]) => docker('compose', ...args);
  const up = (...args: string[]) => compose('up', '--wait', ...args);

  return {
    docker,
    compose,
    up,
    url,
    mailUrl,

    /** From now on, uses the compose files and sources in this folder. Adds the settings to `.env` that it requires. */
    checkOut(path: string): void {
      checkout = path;
      makeEnv();
    },

    /** Replaces the instances of services one after another. */
    async replace(...services: string[]): Promise<void> {
      await command('bash', 'deploy/replace.sh', ...services);
    },

    /** The ids of the containers of a service, ended ones included. */
    containers: async (service: string): Promise<string[]> =>
      (await compose('ps', '--all', '--quiet', service)).split('\n').filter(Boolean),

    /** Runs JavaScript in the container of a service and returns its output. */
    node: (service: string, script: string) => compose('exec', '-T', service, 'node', '-e', script),

    /** Kills the process of a container as `kill -9` does; Docker then starts the container again. */
    async kill(container: string): Promise<void> {
      const pid = await docker('inspect', '--format', '{{.State.Pid}}', container);
      await docker(
        'run',
        '--rm',
        '--pid=host',
        'node:24-slim',
        'node',
        '-e',
        `process.kill(${pid}, 'SIGKILL')`,
      );
    },

    /** Runs an npm script against this system and returns its output. */
    async npm(...args: string[]): Promise<string> {
      const withSystem = {
        ...caller,
        E2E_URL: url,
        E2E_MAIL_URL: mailUrl,
        E2E_ADMIN_EMAIL: admin.email,
        E2E_ADMIN_PASSWORD: admin.password,
        BASE_URL: url,
        MAIL_URL: mailUrl,
        ADMIN_EMAIL: admin.email,
        ADMIN_PASSWORD: admin.password,
      };
      const { stdout, stderr } = await run('npm', args, { cwd: root, env: withSystem, maxBuffer: 64e6 });
      return stdout + stderr;
    },

    async remove(): Promise<void> {
      await compose('down', '--volumes', '--remove-orphans');
      rmSync(folder, { recursive: true });
    },
  };
}
