import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, readdir, realpath, rm, stat } from 'node:fs/promises';
import { Agent, createServer, get } from 'node:http';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { readEnvFile } from '@polyglot-notes/local-stack';
import { root } from '@polyglot-notes/local-stack/testing';
import {
  createClient,
  freePort,
  freePorts,
  until,
  type CallOptions,
} from '@polyglot-notes/service-kit/testing';

const portNames = [
  'GATEWAY_PORT',
  'AUTH_SERVICE_PORT',
  'USER_SERVICE_PORT',
  'NOTES_SERVICE_PORT',
  'POSTGRES_PORT',
  'MONGODB_PORT',
  'SMTP_PORT',
  'MAIL_PORT',
];

const prefix = `${process.env['TEST_MONGODB_PREFIX']}start`;
const emptyDatabases = { AUTH_DATABASE: `${prefix}-empty-auth`, USER_DATABASE: `${prefix}-empty-user` };

let env: Record<string, string>;
const running = new Set<{ stop(): Promise<unknown> }>();

beforeAll(async () => {
  const ports = await freePorts(portNames.length);
  env = {
    // An empty setting counts as not set: the developer's own .env has no effect here.
    ...Object.fromEntries(Object.keys(readEnvFile(join(root, '.env'))).map((name) => [name, ''])),
    ...Object.fromEntries(portNames.map((name, index) => [name, String(ports[index])])),
    LOCAL_STATE_DIR: await mkdtemp(join(tmpdir(), 'polyglot-notes-start-')),
    AUTH_DATABASE: `${prefix}-auth`,
    USER_DATABASE: `${prefix}-user`,
    BCRYPT_COST: '4',
    RATE_LIMIT_MAX: '0',
  };
});
/** Stops the system of a test that failed. */
const stopLeftover = () => Promise.all(Array.from(running, (child) => child.stop()));

afterAll(async () => {
  await stopLeftover();
  const stateDir = env['LOCAL_STATE_DIR'] ?? '';
  // As root the data are elsewhere, behind a link.
  await rm(await realpath(join(stateDir, 'data')), { recursive: true });
  await rm(stateDir, { recursive: true });
});

/** Runs `npm start`, or another script, like a developer, in a process group of its own. */
function npmStart(more: Record<string, string> = {}, script = 'start') {
  const child = spawn('npm', ['run', script], {
    cwd: root,
    env: { ...process.env, ...env, ...more },
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  const collect = (chunk: Buffer) => {
    output += chunk.toString();
  };
  child.stdout.on('data', collect);
  child.stderr.on('data', collect);
  const ended = once(child, 'close').then(([code, signal]: (number | string | null)[]) => code ?? signal);
  const handle = {
    stop: () => {
      child.kill('SIGTERM');
      return ended;
    },
  };
  running.add(handle);
  void ended.finally(() => running.delete(handle));
  return {
    ended,
    output: () => output,
    signal: (signal: NodeJS.Signals) => child.kill(signal),
    /** Ctrl-C in a terminal signals the whole process group. */
    ctrlC: () => process.kill(-(child.pid ?? 0), 'SIGINT'),
    async isUp(): Promise<void> {
      let end: number | string | null | undefined;
      void ended.then((how) => {
        end = how;
      });
      await until(() => end !== undefined || output.includes('/api/auth/logout'), 240_000);
      if (end !== undefined) throw new Error(`npm start ended with ${String(end)}:\n${output}`);
    },
  };
}

const gateway = () => `http://127.0.0.1:${env['GATEWAY_PORT']}`;
const api = (method: string, path: string, options: CallOptions = {}) =>
  createClient(gateway()).call(method, path, options);

async function logInAsPrinted(output: string, who = 'Demo user'): Promise<string> {
  const [, email, password] = new RegExp(`${who} +(\\S+) +password (\\S+)`).exec(output) ?? [];
  const { status, body } = await api('POST', '/api/auth/login', { body: { email, password } });
  expect(status).toBe(200);
  return body.accessToken;
}

/** Runs the printed calls in a shell, then one with the access token that they leave behind. */
async function runAsPrinted(output: string): Promise<string> {
  const [, calls = ''] = /in another terminal:\n([^]+\/logout .*\n)/.exec(output) ?? [];
  const last = `curl -s ${gateway()}/api/users/me -H "Authorization: Bearer $ACCESS"`;
  return (await promisify(execFile)('bash', ['-ec', `${calls}${last}`])).stdout;
}

async function openPorts(): Promise<string[]> {
  const external = process.env['MONGODB_URL'] !== undefined;
  const answers = await Promise.all(
    portNames.map(async (name) => {
      if (external && name === 'MONGODB_PORT') return [];
      const socket = connect(Number(env[name]), '127.0.0.1');
      const open = await once(socket, 'connect').then(
        () => true,
        () => false,
      );
      socket.destroy();
      return open ? [name] : [];
    }),
  );
  return answers.flat();
}

/** Runs `npm run keys` like a developer and returns its output. */
async function npmRunKeys(...args: string[]): Promise<string> {
  const { stdout } = await promisify(execFile)('npm', ['run', '--silent', 'keys', '--', ...args], {
    cwd: root,
    env: { ...process.env, ...env },
  });
  return stdout;
}

const secrets = async (): Promise<Record<string, string>> =>
  JSON.parse(await readFile(join(env['LOCAL_STATE_DIR'] ?? '', 'secrets.json'), 'utf8'));

const pidOfStart = async () => Number(await readFile(join(env['LOCAL_STATE_DIR'] ?? '', 'pid'), 'utf8'));
const titles = async (token: string): Promise<string[]> =>
  (await api('GET', '/api/notes', { token })).body.items.map(({ title }: { title: string }) => title);

/** Sends requests as twenty clients until each is refused. Resolves with the outcomes; calls `loaded` after 500 answers. */
async function loadUntilRefused(token: string, loaded: () => void): Promise<string[]> {
  const outcomes = new Map<string, number>();
  const clients = Array.from({ length: 20 }, async () => {
    const agent = new Agent({ keepAlive: true, maxSockets: 1 });
    for (;;) {
      const outcome = await outcomeOf(`${gateway()}/api/notes`, token, agent);
      outcomes.set(outcome, (outcomes.get(outcome) ?? 0) + 1);
      if (outcome !== '200') break;
    }
    agent.destroy();
  });
  await until(() => (outcomes.get('200') ?? 0) >= 500, 120_000);
  loaded();
  await Promise.all(clients);
  return [...outcomes.keys()].toSorted();
}

// A start takes seconds, so each test goes on with the system and the data of the one before.
describe('npm start', () => {
  let system: ReturnType<typeof npmStart>;
  let token: string;

  async function startAgain(more: Record<string, string> = {}): Promise<void> {
    await stopLeftover();
    system = npmStart(more);
    await system.isUp();
  }

  async function expectStopped(): Promise<void> {
    expect(await system.ended).toBe(0);
    expect(await openPorts()).toEqual([]);
  }

  test('runs the whole system and prints calls that work', async () => {
    await startAgain();
    token = await logInAsPrinted(system.output());
    expect((await api('POST', '/api/notes', { token, body: { title: 'survives' } })).status).toBe(201);
    const admin = await logInAsPrinted(system.output(), 'Admin');
    expect((await api('GET', '/api/users?role=admin', { token: admin })).body.items).toHaveLength(1);
    const answers = await runAsPrinted(system.output());
    expect(answers).toContain('"title":"My first note"');
    expect(answers).toContain('"code":"token_revoked"');
    for (const file of ['demo-user.json', 'admin.json', 'secrets.json'])
      expect((await stat(join(env['LOCAL_STATE_DIR'] ?? '', file))).mode & 0o777).toBe(0o600);
  });

  test('refuses to run twice', async () => {
    expect(await npmStart({ GATEWAY_PORT: '0' }).ended).not.toBe(0);
    const port = await freePort();
    const third = npmStart(Object.fromEntries(portNames.map((name, index) => [name, String(port + index)])));
    expect(await third.ended).not.toBe(0);
    expect(third.output()).toMatch(/^It is running already, as process \d+: stop that one first/m);
    expect((await api('GET', '/health')).body.status).toBe('ok');
  });

  test('can have its signing keys encrypted again while it runs', async () => {
    const { KEY_ENCRYPTION_KEY } = await secrets();
    expect(await npmRunKeys('reseal')).toContain('Restart npm start before the next rotation');
    expect(Object.keys(await secrets())).not.toContain('KEY_ENCRYPTION_KEY_PREVIOUS');
    expect((await secrets())['KEY_ENCRYPTION_KEY']).not.toBe(KEY_ENCRYPTION_KEY);
    await logInAsPrinted(system.output());
  });

  test('answers every accepted request before it ends on SIGTERM', async () => {
    const another = await logInAsPrinted(system.output());
    const outcomes = await loadUntilRefused(another, () => system.signal('SIGTERM'));
    await expectStopped();
    expect(outcomes).toEqual(['200', 'ECONNREFUSED']);
  });

  test('keeps its data over a stop and a start, and stops on Ctrl-C', async () => {
    // As in an .env that was written later, for docker compose.
    await startAgain({ ADMIN_EMAIL: 'admin@example.com', ADMIN_PASSWORD: 'another correct horse' });
    expect(await titles(await logInAsPrinted(system.output()))).toContain('survives');
    // A new KEY_ENCRYPTION_KEY logs nobody out.
    expect(await titles(token)).toContain('survives');
    expect(await readdir(join(env['LOCAL_STATE_DIR'] ?? '', 'compiled'))).not.toEqual([]);
    expect(await npmRunKeys('list')).toMatch(/signing .* current$/m);
    await logInAsPrinted(system.output(), 'Admin');
    system.ctrlC();
    await expectStopped();
  });

  test('leaves no database of a backup that was interrupted', async () => {
    const backup = npmStart({}, 'backup');
    await until(async () => (await openPorts()).includes('POSTGRES_PORT'), 60_000);
    backup.signal('SIGTERM');
    expect(await backup.ended).toBe(143);
    expect(await openPorts()).toEqual([]);
  });

  test('starts again after its processes were killed', async () => {
    await startAgain();
    token = await logInAsPrinted(system.output());
    expect((await api('POST', '/api/notes', { token, body: { title: 'acknowledged' } })).status).toBe(201);
    process.kill(await pidOfStart(), 'SIGKILL');
    expect(await system.ended).not.toBe(0);
    // The services end without their parent; the databases may run on until the next start stops them.
    await until(
      async () => !(await openPorts()).some((name) => /SERVICE_PORT|GATEWAY_PORT/.test(name)),
      60_000,
    );
    await startAgain();
    expect(await titles(await logInAsPrinted(system.output()))).toContain('acknowledged');
  });

  test('names a service that crashes, and stops the others', async () => {
    const ofNotes = /"pid":(\d+)/.exec(
      await readFile(join(env['LOCAL_STATE_DIR'] ?? '', 'logs', 'notes-service.log'), 'utf8'),
    );
    process.kill(Number(ofNotes?.[1]), 'SIGKILL');
    expect(await system.ended).not.toBe(0);
    expect(system.output()).toMatch(/^notes-service was ended by SIGKILL \(log: .*notes-service\.log\)$/m);
    expect(await openPorts()).toEqual([]);
  });

  test.each([
    [
      'a port that is not a number',
      { GATEWAY_PORT: 'eighty' },
      /GATEWAY_PORT: must be a whole number from 1 to 65535/,
    ],
    [
      'one port for two parts',
      { GATEWAY_PORT: '4001', MAIL_PORT: '4001' },
      /GATEWAY_PORT and MAIL_PORT are both 4001/,
    ],
    [
      'a setting that a service refuses, such as the password of the first admin',
      { ADMIN_EMAIL: 'root@example.com', ADMIN_PASSWORD: 'short', ...emptyDatabases },
      /auth-service ended with code 1: .*\n +ADMIN_PASSWORD: must be at least 8 characters/,
    ],
    ['an unreachable MongoDB', { MONGODB_URL: 'mongodb://u:secret@127.0.0.1:1' }, /127\.0\.0\.1:1/],
  ])('says what to do about %s', async (_what, setting, words) => {
    const refused = npmStart(setting);
    expect(await refused.ended).not.toBe(0);
    expect(refused.output()).toMatch(words);
    expect(refused.output()).not.toMatch(/^ +at |secret@/m);
    expect(await openPorts()).toEqual([]);
  });

  test('names the port that another program uses, and the setting to change', async () => {
    const other = createServer().listen(Number(env['GATEWAY_PORT']), '127.0.0.1');
    await once(other, 'listening');
    const refused = npmStart();
    expect(await refused.ended).not.toBe(0);
    expect(refused.output()).toContain(
      `Port ${env['GATEWAY_PORT']} is in use: stop the program that uses it, or set GATEWAY_PORT`,
    );
    other.close();
  });
});

function outcomeOf(url: string, token: string, agent: Agent): Promise<string> {
  return new Promise((resolve) => {
    const failed = (error: NodeJS.ErrnoException) => resolve(error.code ?? error.message);
    get(url, { agent, headers: { Authorization: `Bearer ${token}` } }, (res) => {
      res.on('error', failed);
      res.on('end', () => resolve(String(res.statusCode)));
      res.resume();
    }).on('error', failed);
  });
}
