import { expect, test } from '@jest/globals';
import type { Peer } from '../process/peer.ts';
import { createHealthOfWorkers, type Outcomes } from './worker-health.ts';

const worker = (call: () => Promise<Outcomes>) => ({ call }) as unknown as Peer;
const healthy = worker(async () => ({ database: 'ok', keys: 'ok' }));
const hanging = worker(() => new Promise(() => {}));
const read = (peers: () => Peer[]) => createHealthOfWorkers(peers, { readMs: 50 })();

test('a check fails if it fails in one of the workers', async () => {
  const failing = worker(async () => ({ database: 'down', keys: 'ok' }));
  expect(await read(() => [healthy, failing, healthy])).toEqual({ database: 'down', keys: 'ok' });
  expect(await read(() => [healthy, healthy])).toEqual({ database: 'ok', keys: 'ok' });
});

test('a worker that does not answer is down, unless it has ended', async () => {
  expect(await read(() => [healthy, hanging])).toEqual({ database: 'ok', keys: 'ok', worker: 'down' });
  const running = [healthy, hanging];
  const reading = read(() => [...running]);
  running.pop();
  expect(await reading).toEqual({ database: 'ok', keys: 'ok' });
});
