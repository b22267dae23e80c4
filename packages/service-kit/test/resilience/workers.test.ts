import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { freePort, send, until } from '../../testing/index.ts';
import { killFixtures, runFixture, runFixtureOnFreePort } from '../../testing/run-fixture.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'workers-'));
});
afterAll(async () => {
  killFixtures();
  await rm(folder, { recursive: true });
});

/** The answer on a connection of its own, so that it may come from any worker. */
const read = async (url: string, path: string): Promise<string> => (await send(url, path)).body;

/** How many requests the metrics of the fixture count. */
let counted = 0;

/** The process ids of the workers that answer. */
const pidsOf = async (url: string): Promise<number[]> => {
  const answers = await Promise.all(Array.from({ length: 8 }, () => read(url, '/pid')));
  counted += answers.length;
  return [...new Set(answers.map(Number))];
};
const runOnFreePort = (env: Record<string, string> = {}) => runFixtureOnFreePort({ WORKERS: '2', ...env });
const countOf = (output: string, pattern: RegExp) => output.split(pattern).length - 1;

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

describe('a service with two workers that cannot start', () => {
  test.each<[fault: string, env: Record<string, string>, output: RegExp]>([
    [
      'invalid settings',
      { WORKERS: '2' },
      /^The settings are incomplete or invalid:\n {2}NEEDED: is not set\n$/,
    ],
    [
      'an invalid number of workers',
      { WORKERS: '65', NEEDED: 'yes' },
      /^The settings .*:\n {2}WORKERS: must be a whole number from 1 to 64, or auto\n$/,
    ],
    [
      'an unavailable database',
      { WORKERS: '2', NEEDED: 'yes', UNAVAILABLE_FILE: '/dev/null' },
      /^The database cannot be used\.\n$/,
    ],
  ])('prints one error because of %s, and exits with 1', async (_fault, env, output) => {
    const service = runFixture({ PORT: '1', ...env });
    expect(await service.ended).toBe(1);
    expect(service.output()).toMatch(output);
  });

  test('prints one error when the workers are refused after they have listened', async () => {
    const { ended, output } = await runOnFreePort({ REFUSED: 'true' });
    expect(await ended).toBe(1);
    expect(countOf(output(), /^The settings are refused\.$/m)).toBe(1);
    expect(output()).not.toMatch(/will be replaced/);
  });
});

test('a service stops in order while its workers start', async () => {
  const service = runFixture({ PORT: String(await freePort()), NEEDED: 'yes', WORKERS: '2' });
  await service.says(/"listening"/);
  service.child.kill('SIGTERM');
  expect(await service.ended).toBe(0);
});

test('a service with workers is not ready and still serves for SHUTDOWN_DELAY_MS, or until a second signal', async () => {
  const { child, says, ended, url } = await runOnFreePort({ SHUTDOWN_DELAY_MS: '300000' });
  const pids = await pidsOf(url);
  child.kill('SIGTERM');
  await says(/(?:"stopping"[^]*){2}/);
  // As a supervisor does that signals the whole process group.
  for (const pid of pids) process.kill(pid, 'SIGTERM');
  const statuses = await Promise.all([1, 2, 3, 4].map(async () => (await send(url, '/health/ready')).status));
  expect(statuses).toEqual([503, 503, 503, 503]);
  expect(new Set(await pidsOf(url))).toEqual(new Set(pids));
  child.kill('SIGTERM');
  expect(await ended).toBe(0);
});

test('a service leaves no worker behind when its primary process is killed', async () => {
  const { child, url } = await runOnFreePort();
  const pids = await pidsOf(url);
  expect(pids).toHaveLength(2);
  child.kill('SIGKILL');
  await until(() => !pids.some(isAlive));
});

describe('a service with two workers', () => {
  let service: Awaited<ReturnType<typeof runOnFreePort>>;
  let url: string;
  let unavailable: string;
  beforeAll(async () => {
    unavailable = join(folder, 'unavailable');
    counted = 0;
    service = await runOnFreePort({ UNAVAILABLE_FILE: unavailable });
    ({ url } = service);
  });

  const replacements = () => countOf(service.output(), /a worker ended, will be replaced/);
  const bothAnswer = () => until(async () => (await pidsOf(url)).length === 2);

  test('reports that it listens when both do', async () => {
    await until(() => countOf(service.output(), /"msg":"listening"/) === 2);
    expect(await pidsOf(url)).toHaveLength(2);
  });

  test('has a port that another one finds in use, with one error', async () => {
    const second = runFixture({ PORT: new URL(url).port, NEEDED: 'yes', WORKERS: '2' });
    expect(await second.ended).toBe(1);
    expect(second.output()).toMatch(/^Cannot listen on PORT=\d+ of 127\.0\.0\.1 \(EADDRINUSE\)\.\n$/);
  });

  test('answers a scrape with the sums of both workers, also after it has replaced one that was killed', async () => {
    const [killed, other] = (await pidsOf(url)) as [number, number];
    const scrape = () => read(service.metricsUrl, '/metrics');
    const shown = async () => Number(/^requests_count (\d+)$/m.exec(await scrape())?.[1]);
    expect(await shown()).toBe(counted);
    for (const line of [/^stored 7$/m, /^added 6$/m, /^largest 3$/m]) expect(await scrape()).toMatch(line);
    process.kill(killed, 'SIGKILL');
    await until(() => replacements() === 1);
    expect(await pidsOf(url)).toEqual([other]);
    await bothAnswer();
    expect(await pidsOf(url)).not.toContain(killed);
    expect(await shown()).toBe(counted);
    expect(replacements()).toBe(1);
    expect(service.output()).toMatch(new RegExp(`"worker":${killed},"end":"was ended by SIGKILL"`));
  });

  test('replaces a worker that gets a connection while it is killed', async () => {
    const before = replacements();
    const [killed] = await pidsOf(url);
    process.kill(killed!, 'SIGKILL');
    // Some of them reach the dead worker, before the primary process knows. They may get no answer.
    const requests = Array.from({ length: 8 }, () => send(url, '/health/live').catch(() => {}));
    await Promise.race([Promise.all(requests), delay(2_000)]);
    await until(() => replacements() === before + 1);
    await bothAnswer();
    expect(await pidsOf(url)).not.toContain(killed);
  });

  test('replaces a worker that a fault ends, with growing pauses while its start fails', async () => {
    const before = replacements();
    await writeFile(unavailable, '');
    await read(url, '/crash').catch(() => {});
    await until(() => replacements() === before + 3);
    expect(service.output()).toMatch(/Error: a fault/);
    expect(service.output()).toMatch(/"failure":"The database cannot be used\."/);
    const pauses = [...service.output().matchAll(/"pauseMs":(\d+)/g)]
      .map(([, ms]) => Number(ms))
      .slice(before);
    expect([pauses[1]! / pauses[0]!, pauses[2]! / pauses[1]!]).toEqual([2, 2]);
    expect(await pidsOf(url)).toHaveLength(1);
    await rm(unavailable);
    await bothAnswer();
  });

  test('completes the requests of both workers, and exits with 0 even if it gets two signals', async () => {
    const { child, says, ended, output } = service;
    const before = replacements();
    const slow = Array.from({ length: 4 }, () => read(url, '/slow'));
    const waiting = Array.from({ length: 4 }, () => read(url, '/wait'));
    await says(/(?:waits\n[^]*){4}/);
    child.kill('SIGTERM');
    child.kill('SIGINT');
    expect(await Promise.all([...slow, ...waiting])).toEqual([
      ...slow.map(() => 'slow but whole'),
      ...waiting.map(() => 'answered'),
    ]);
    expect(await ended).toBe(0);
    expect(countOf(output(), /context closed/)).toBe(2);
    expect(replacements()).toBe(before);
  });
});
