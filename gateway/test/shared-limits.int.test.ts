import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { createLogger } from '@polyglot-notes/service-kit';
import { freePort, send, until } from '@polyglot-notes/service-kit/testing';
import { createSharedCounters, type SharedCounters } from '../src/limits/shared-counters.ts';
import { gatewayTo } from './gateway.ts';
import { closeAll, recorder } from './upstreams.ts';

const program = ['valkey-server', 'redis-server'].find((name) => spawnSync(name, ['--version']).status === 0);
if (program === undefined)
  console.log('Skipped shared limits: neither valkey-server nor redis-server is installed.');
const describeShared = program === undefined ? describe.skip : describe;

describeShared('two gateways with shared counters', () => {
  let port: number;
  let server: ChildProcess;
  let gateways: string[] = [];
  let counters: SharedCounters[] = [];

  async function startServer(): Promise<void> {
    server = spawn(program ?? '', ['--port', String(port), '--bind', '127.0.0.1', '--save', '']);
    for await (const words of server.stdout ?? [])
      if (String(words).includes('Ready to accept connections')) return;
    throw new Error(`${program} does not start`);
  }

  async function stopServer(): Promise<void> {
    const ended = once(server, 'exit');
    server.kill('SIGKILL');
    await ended;
  }

  const get = (i: number) => send(gateways[i % 2] ?? '', '/api/notes');
  const logIn = (i: number) => send(gateways[i % 2] ?? '', '/api/auth/login', { method: 'POST' });
  const left = async (i: number, call = get) =>
    Number(/r=(\d+)/.exec(String((await call(i)).headers['ratelimit']))?.[1]);

  /** Waits until the two gateways count together, by calls with a limit of their own. */
  const areSharing = () => until(async () => (await left(0, logIn)) === (await left(1, logIn)) + 1);

  beforeEach(async () => {
    port = await freePort();
    await startServer();
    const service = await recorder();
    counters = [1, 2].map(() =>
      createSharedCounters(`redis://127.0.0.1:${port}`, createLogger('gateway', 'silent')),
    );
    gateways = await Promise.all(
      counters.map((shared) =>
        gatewayTo(
          { auth: service.url, notes: service.url },
          { limits: { windowMs: 60_000, max: 6, authMax: 1_000, refreshMax: 1_000, counters: shared } },
        ),
      ),
    );
    await areSharing();
  });
  afterEach(async () => {
    for (const shared of counters) shared.close();
    closeAll();
    await stopServer();
  });

  test('count the requests of a client together', async () => {
    const rest: number[] = [];
    for (let i = 0; i < 6; i++) rest.push(await left(i));
    expect(rest).toEqual([5, 4, 3, 2, 1, 0]);
    const refused = await get(0);
    expect(refused.status).toBe(429);
    expect((await get(1)).status).toBe(429);
    expect(Number(refused.headers['retry-after'])).toBeGreaterThan(50);
    expect(refused.headers['ratelimit']).toMatch(/^"api"; r=0; t=\d+$/);
  });

  test('count separately while the server is unavailable, and together afterwards', async () => {
    await stopServer();
    expect([await left(0), await left(1), await left(0), await left(1)]).toEqual([5, 5, 4, 4]);
    await startServer();
    await areSharing();
    expect([await left(0), await left(1)]).toEqual([5, 4]);
  });

  test('count separately while the server hangs', async () => {
    server.kill('SIGSTOP');
    expect([await left(0), await left(1), await left(0), await left(1)]).toEqual([5, 5, 4, 4]);
    server.kill('SIGCONT');
    await areSharing();
  });
});

describe('a gateway without its counter server', () => {
  test('counts locally from the start', async () => {
    const service = await recorder();
    const log = createLogger('gateway', 'silent');
    const shared = createSharedCounters(`redis://127.0.0.1:${await freePort()}`, log);
    const limits = { windowMs: 60_000, max: 2, authMax: 1, refreshMax: 0, counters: shared };
    const gateway = await gatewayTo({ notes: service.url }, { limits });
    const statuses: number[] = [];
    for (let i = 0; i < 3; i++) statuses.push((await send(gateway, '/api/notes')).status);
    shared.close();
    closeAll();
    expect(statuses).toEqual([200, 200, 429]);
  });
});
