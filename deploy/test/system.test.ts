import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { login, newUser } from '@polyglot-notes/service-kit/testing';
import { clientOf } from './clients.ts';
import { composeProject } from './compose.ts';
import { noPrivileges, printPrivileges } from './privileges.ts';
import { writer } from './writer.ts';

const system = composeProject('polyglot-notes-test', ['docker-compose.yml'], {
  GATEWAY_PORT: '18000',
  MAIL_PORT: '11080',
  BCRYPT_COST: '4',
});
const client = clientOf(system.url);
const { call } = client;
const services = ['gateway', 'auth-service', 'user-service', 'notes-service'];
const parts = [...services, 'mongo', 'postgres', 'mail'];

beforeAll(async () => {
  await system.up('--build');
});
afterAll(() => system.remove());

/** Waits until all parts are healthy again. */
async function isHealthy(): Promise<void> {
  const givesUp = Date.now() + 90_000;
  for (;;) {
    const states = await system.compose('ps', '--format', '{{.Service}} {{.Health}}');
    const sick = states.split('\n').filter((line) => !line.endsWith(' healthy'));
    const overview = await call('GET', '/health').catch(() => undefined);
    if (sick.length === 0 && overview?.body?.status === 'ok') return;
    if (Date.now() > givesUp) throw new Error(`not healthy again: ${states} ${JSON.stringify(overview)}`);
    await delay(500);
  }
}

test('passes the end-to-end tests', async () => {
  const said = await system.npm('test', '--', '--silent', '--selectProjects', 'e2e', '--runInBand');
  expect(said).toMatch(/^Tests: .*\b\d{3,} passed/m);
});

test('passes the Postman collection, twice in a row', async () => {
  for (let round = 0; round < 2; round++)
    expect(await system.npm('run', 'postman')).toMatch(/│ +assertions │ +[1-9]\d+ │ +0 │/);
});

test('the host reaches only the gateway and the mail page, on the loopback interface', async () => {
  const lines = await system.compose('ps', '--format', '{{.Service}} {{.Ports}}');
  const published = lines.split('\n').filter((line) => line.includes('->'));
  expect(published.map((line) => line.replaceAll(/\d+\/tcp, /g, '')).toSorted()).toEqual([
    'gateway 127.0.0.1:18000->8000/tcp',
    'mail 127.0.0.1:11080->1080/tcp',
  ]);
  expect((await call('GET', '/health')).body.status).toBe('ok');
  expect((await fetch(system.mailUrl, { headers: { Accept: 'text/html' } })).status).toBe(200);
});

describe('a database', () => {
  const reach = (from: string, host: string, port: number) =>
    system.node(
      from,
      `require('node:net').connect({ host: '${host}', port: ${port}, timeout: 3000 })
        .on('connect', () => { console.log('reached'); process.exit(); })
        .on('timeout', () => { console.log('no answer'); process.exit(); })
        .on('error', ({ code }) => { console.log(code); process.exit(); })`,
    );
  const addressOf = async (service: string) => {
    const [id = ''] = await system.containers(service);
    const format = '{{range .NetworkSettings.Networks}}{{.IPAddress}}{{end}}';
    return system.docker('inspect', '--format', format, id);
  };

  test.each([
    ['mongo', 27_017, ['auth-service', 'user-service'], ['gateway', 'notes-service', 'mail']],
    ['postgres', 5_432, ['notes-service'], ['gateway', 'auth-service', 'user-service', 'mail']],
  ])('%s is reached by its own services only', async (database, port, own, others) => {
    const address = await addressOf(database);
    for (const service of own) {
      expect([service, await reach(service, database, port)]).toEqual([service, 'reached']);
      expect([service, await reach(service, address, port)]).toEqual([service, 'reached']);
    }
    for (const service of others) {
      const answers = [await reach(service, database, port), await reach(service, address, port)];
      expect([service, answers.includes('reached')]).toEqual([service, false]);
    }
  });
});

describe.each(services)('the container of %s', (service) => {
  test('runs without privileges on read-only files', async () => {
    expect(JSON.parse(await system.node(service, printPrivileges))).toEqual(noPrivileges);
  });

  test('has a memory limit, and the heap of Node fits', async () => {
    const facts = await system.node(
      service,
      `console.log(JSON.stringify([process.constrainedMemory(), require('node:v8').getHeapStatistics().heap_size_limit]))`,
    );
    const [limit, heap] = JSON.parse(facts) as [number, number];
    expect(limit).toBe(512 * 1024 * 1024);
    expect(heap).toBeLessThan(0.6 * limit);
  });

  test('contains no development tool', async () => {
    const found = await system.node(
      service,
      `const { existsSync } = require('node:fs');
       console.log(JSON.stringify(['prisma', 'typescript', 'jest', '@swc/core', 'oxlint'].filter((name) => existsSync('/app/node_modules/' + name))))`,
    );
    expect(JSON.parse(found)).toEqual([]);
  });
});

describe.each(parts)('%s', (part) => {
  test.each(['is restarted', 'is killed'])('%s, and nothing acknowledged is lost', async (how) => {
    const end = writer(client, await newUser(client));
    const [container = ''] = await system.containers(part);
    try {
      await delay(1_000);
      if (how === 'is killed') await system.kill(container);
      else await system.compose('restart', part);
      await delay(4_000);
    } finally {
      await end.stop();
      await isHealthy();
    }
    const outcome = await end.outcome();
    console.log(
      `${part} ${how}: ${outcome.notes} notes and ${outcome.people} people, ${outcome.lost.length} lost`,
    );
    expect(outcome).toMatchObject({ lost: [], other: [] });
    expect(outcome.notes).toBeGreaterThan(10);
    expect(outcome.people).toBeGreaterThan(2);
    // Docker does not count a requested restart.
    const restarts = await system.docker('inspect', '--format', '{{.RestartCount}}', container);
    expect(Number(restarts) > 0).toBe(how === 'is killed');
  });
});

test('data survive down and up', async () => {
  const user = await newUser(client);
  await user.call('POST', '/api/notes', { body: { title: 'kept' } });
  await system.compose('down');
  await system.up();
  const { body } = await login(client, user);
  expect((await client.as(body.accessToken).call('GET', '/api/notes')).body.items).toMatchObject([
    { title: 'kept' },
  ]);
});
