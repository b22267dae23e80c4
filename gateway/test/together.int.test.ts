// Steps of requests that are in progress together are taken at the end of the turn: what happens until then?
import { Agent, request } from 'node:http';
import { afterAll, afterEach, beforeAll, expect, test } from '@jest/globals';
import { send, until } from '@polyglot-notes/service-kit/testing';
import { gatewayTo } from './gateway.ts';
import { closeAll, listenTcp } from './upstreams.ts';

const answers: Record<string, string> = {
  '/api/notes?broken-chunk':
    'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n4\r\nhalf\r\nnonsense',
  '/api/notes?no-body': 'HTTP/1.1 204 No Content\r\nConnection: close\r\n\r\n',
  '/api/notes?odd-phrase': 'HTTP/1.1 200 O\u0001K\r\nContent-Length: 2\r\nConnection: close\r\n\r\nok',
};
const echo = (url: string) =>
  `HTTP/1.1 200 OK\r\nContent-Length: ${url.length}\r\nConnection: close\r\n\r\n${url}`;

let gateway: string;
let held = 0;
const agent = new Agent();
beforeAll(async () => {
  const notes = await listenTcp((socket) =>
    socket.once('data', (head) => {
      const [, url = ''] = String(head).split(' ');
      if (url.includes('hold')) held++;
      else socket.end(answers[url] ?? echo(url));
    }),
  );
  gateway = await gatewayTo({ notes }, { upstreamTimeoutMs: 60_000 });
});
afterEach(() => agent.destroy());
afterAll(closeAll);

/** Sends requests that the service does not answer, so that no other request is alone. */
async function hold(count: number) {
  const before = held;
  const calls = Array.from({ length: count }, () =>
    request(`${gateway}/api/notes?hold`, { agent })
      .on('error', () => {})
      .end(),
  );
  await until(() => held === before + count);
  return calls;
}
const get = (query: string) => send(gateway, `/api/notes?${query}`);

test('each of many requests gets its own response', async () => {
  await hold(1);
  const sent = Array.from({ length: 100 }, (_, index) => `/api/notes?${index}`);
  const received = await Promise.all(sent.map((path) => send(gateway, path)));
  expect(received.map(({ body }) => body)).toEqual(sent);
});

test('a response whose rest is a fault does no harm to the others', async () => {
  await hold(1);
  const broken = Promise.allSettled(Array.from({ length: 10 }, () => get('broken-chunk')));
  const whole = await Promise.all(Array.from({ length: 10 }, (_, index) => get(`${index}`)));
  expect(whole.map(({ body }) => body)).toEqual(whole.map((_, index) => `/api/notes?${index}`));
  const statuses = (await broken).map((each) => (each.status === 'fulfilled' ? each.value.status : 'reset'));
  expect(statuses.filter((status) => status !== 502 && status !== 'reset')).toEqual([]);
});

test('a response without a body ends', async () => {
  await hold(1);
  expect(await get('no-body')).toMatchObject({ status: 204, body: '' });
});

test('a reason phrase that cannot be sent is replaced', async () => {
  await hold(1);
  expect(await get('odd-phrase')).toMatchObject({ status: 200, body: 'ok' });
});

test('clients that leave do no harm to the others', async () => {
  const calls = await hold(1);
  for (let round = 0; round < 20; round++) {
    const leaving = request(`${gateway}/api/notes?leaving`, { agent }).on('error', () => {});
    leaving.end(() => setImmediate(() => leaving.destroy()));
    calls.push(leaving);
    expect((await get(`${round}`)).body).toBe(`/api/notes?${round}`);
  }
  for (const call of calls) call.destroy();
  expect((await get('afterwards')).body).toBe('/api/notes?afterwards');
});
