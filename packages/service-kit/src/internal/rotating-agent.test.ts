import { once } from 'node:events';
import { get, type Agent, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { listening, serverUrl, until } from '../../testing/index.ts';
import { RotatingAgent } from './rotating-agent.ts';

let server: Server;
let connections: number;
beforeEach(async () => {
  connections = 0;
  server = (await listening((_req, res) => res.end())).on('connection', () => connections++);
});
afterEach(() => server.close(() => {}).closeAllConnections());

async function ask(agent: Agent): Promise<void> {
  const [answer] = (await once(get(serverUrl(server), { agent }), 'response')) as [IncomingMessage];
  await once(answer.resume(), 'end');
  // The connection is free again a moment after the end of the answer.
  await delay(10);
}

test('a young connection is reused', async () => {
  const agent = new RotatingAgent(60_000);
  for (let i = 0; i < 5; i++) await ask(agent);
  expect(connections).toBe(1);
  agent.destroy();
});

test('an old connection is replaced, also when it is busy', async () => {
  const agent = new RotatingAgent(100);
  const begin = performance.now();
  while (connections < 3) await ask(agent);
  // Two of them have had their time.
  expect(performance.now() - begin).toBeGreaterThanOrEqual(2 * 100);
  agent.destroy();
});

test('an idle connection is closed when it is old', async () => {
  const agent = new RotatingAgent(200);
  await ask(agent);
  expect(Object.keys(agent.freeSockets)).toHaveLength(1);
  await until(() => Object.keys(agent.freeSockets).length === 0);
  agent.destroy();
});

test('a request at the moment at which an old connection is closed gets another one', async () => {
  const open: ServerResponse[] = [];
  server.removeAllListeners('request').on('request', (_req, res) => open.push(res));
  const agent = new RotatingAgent(300);
  const asked = [ask(agent)];
  await until(() => open.length === 1);
  const [[old]] = Object.values(agent.sockets) as [[Socket]];
  const destroy = old.destroy.bind(old);
  const answered = new Promise<void>((resolve, reject) => {
    old.destroy = () => {
      queueMicrotask(() => void ask(agent).then(resolve, reject));
      return destroy();
    };
  });
  await delay(150);
  asked.push(ask(agent));
  await until(() => open.length === 2);
  server.removeAllListeners('request').on('request', (_req, res) => res.end());
  // The old connection is idle last, so it would be the next to be used.
  for (const res of open.toReversed()) {
    res.end();
    await delay(10);
  }
  await expect(Promise.all([...asked, answered])).resolves.toHaveLength(3);
  agent.destroy();
});

test('an idle connection is closed before the server closes it', async () => {
  server
    .removeAllListeners('request')
    .on('request', (_req, res) => res.setHeader('Keep-Alive', 'timeout=2').end());
  const agent = new RotatingAgent(60_000);
  await ask(agent);
  expect(Object.keys(agent.freeSockets)).toHaveLength(1);
  await until(() => Object.keys(agent.freeSockets).length === 0);
  agent.destroy();
});

test('a connection that the server closes is not reused', async () => {
  server
    .removeAllListeners('request')
    .on('request', (_req, res) => res.setHeader('Connection', 'close').end());
  const agent = new RotatingAgent(60_000);
  for (let i = 0; i < 3; i++) await ask(agent);
  expect(connections).toBe(3);
  agent.destroy();
});
