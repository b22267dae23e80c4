import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { createClient, startLoad, until } from '@polyglot-notes/service-kit/testing';
import { clientOf } from './clients.ts';
import { composeProject } from './compose.ts';

const system = composeProject(
  'polyglot-notes-test-replicas',
  [
    'docker-compose.yml',
    'docker-compose.replicas.yml',
    'docker-compose.observability.yml',
    'deploy/test/observability.yml',
  ],
  { GATEWAY_PORT: '18010', GATEWAY_PORTS: '18010-18011', MAIL_PORT: '11090', BCRYPT_COST: '4' },
);
const client = clientOf(system.url);

beforeAll(async () => {
  await system.up('--build');
});
afterAll(() => system.remove());

/** The number of requests of clients and services that a container has answered since then. */
async function served(container: string, since: string): Promise<number> {
  const log = await system.docker('logs', '--since', since, container);
  return log.split('\n').filter((line) => line.includes('"msg":"request"') && !line.includes('/health/'))
    .length;
}

test('passes the end-to-end tests', async () => {
  const said = await system.npm('test', '--', '--silent', '--selectProjects', 'e2e', '--runInBand');
  expect(said).toMatch(/^Tests: .*\b\d{3,} passed/m);
});

test('Prometheus scrapes both instances of each service', async () => {
  const prometheus = createClient('http://127.0.0.1:19090');
  const query = encodeURIComponent('count by (job) (up == 1)');
  async function instances(): Promise<Record<string, string>> {
    const { body } = await prometheus.call('GET', `/api/v1/query?query=${query}`);
    return Object.fromEntries(
      body.data.result.map((series: { metric: { job: string }; value: [number, string] }) => [
        series.metric.job,
        series.value[1],
      ]),
    );
  }
  // It looks up their names every 30 seconds, and scrapes every 15.
  await until(async () => Object.values(await instances()).join() === '2,2,2,2', 90_000);
  expect(Object.keys(await instances()).toSorted()).toEqual([
    'auth-service',
    'gateway',
    'notes-service',
    'user-service',
  ]);
});

describe('one of two instances that is stopped under load and started again', () => {
  test.each(['notes-service', 'user-service', 'auth-service'])('%s: no request is lost', async (service) => {
    const [container = ''] = await system.containers(service);
    const load = startLoad(client, 16);
    await delay(2_000);
    await system.docker('stop', container);
    await delay(2_000);
    await system.docker('start', container);
    await delay(12_000);
    const shares = await Promise.all((await system.containers(service)).map((id) => served(id, '5s')));
    const { answered, ...faults } = await load.stop();
    console.log(
      `${service}: ${answered} requests succeeded, ${faults.failures.length} failed; the last seconds shared ${shares.join(' to ')}`,
    );
    expect(faults).toEqual({ failures: [], differences: [] });
    expect(answered).toBeGreaterThan(100);
    // The restarted instance gets its share again.
    expect(Math.min(...shares)).toBeGreaterThan(0);
  });
});
