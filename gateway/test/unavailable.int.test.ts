import { once } from 'node:events';
import { createServer, type ServerResponse } from 'node:http';
import { connect } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { Worker } from 'node:worker_threads';
import { afterAll, beforeEach, describe, expect, test } from '@jest/globals';
import {
  freePort,
  parseAnswer,
  resolveTo,
  send,
  sendBytes,
  until,
} from '@polyglot-notes/service-kit/testing';
import { gatewayTo } from './gateway.ts';
import { closeAll, listen, listenTcp, recorder } from './upstreams.ts';

afterAll(closeAll);

const outcome = async (gateway: string, path = '/api/notes', method = 'GET') => {
  const { status, headers, body } = await send(gateway, path, { method });
  const code = status === 200 ? undefined : (JSON.parse(body) as { code: string }).code;
  return { status, code, retryAfter: headers['retry-after'] };
};
const unavailable = { status: 503, code: 'service_unavailable', retryAfter: '2' };
const timeout = { status: 504, code: 'gateway_timeout', retryAfter: undefined };

test('the problems of the gateway link to its page of problems', async () => {
  const gateway = await gatewayTo({}, { publicUrl: 'https://notes.example.com' });
  for (const [path, code] of [
    ['/api/notes', 'service_unavailable'],
    ['/nothing', 'not_found'],
  ]) {
    const { body } = await send(gateway, path!);
    expect(JSON.parse(body)).toMatchObject({ type: `https://notes.example.com/problems#${code}`, code });
  }
});

describe('a service that is silent', () => {
  let reached: number;
  let answer: (res: ServerResponse) => void;
  let gateway: string;
  beforeEach(async () => {
    reached = 0;
    answer = () => {};
    const notes = await listen((req, res) => {
      reached++;
      if (req.url === '/api/notes/quick') res.end();
      else answer(res);
    });
    gateway = await gatewayTo({ notes, user: await listen((_req, res) => res.end()) });
  });

  const findOut = async () => {
    for (let time = 0; time < 3; time++) expect(await outcome(gateway)).toEqual(timeout);
    reached = 0;
  };

  test('gets no more requests after three, and other services are not affected', async () => {
    await findOut();
    expect(await outcome(gateway)).toEqual(unavailable);
    expect(reached).toBe(0);
    expect(await outcome(gateway, '/api/users/me')).toMatchObject({ status: 200 });
  });

  test('gets one attempt per second', async () => {
    await findOut();
    await delay(1_000);
    const answers = await Promise.all(Array.from({ length: 5 }, () => outcome(gateway)));
    expect(answers.filter(({ status }) => status === 504)).toHaveLength(1);
    expect(answers.filter(({ status }) => status === 503)).toHaveLength(4);
    expect(reached).toBe(1);
  });

  test('is available again for everyone after a successful attempt', async () => {
    await findOut();
    answer = (res) => res.end();
    await until(async () => (await outcome(gateway)).status === 200);
    const answers = await Promise.all(Array.from({ length: 5 }, () => outcome(gateway)));
    expect(answers.every(({ status }) => status === 200)).toBe(true);
  });

  test('stays available while it answers other requests', async () => {
    const slow = Array.from({ length: 10 }, () => outcome(gateway));
    await delay(50);
    expect(await outcome(gateway, '/api/notes/quick')).toMatchObject({ status: 200 });
    expect(await Promise.all(slow)).toEqual(slow.map(() => timeout));
    expect(await outcome(gateway, '/api/notes/quick')).toMatchObject({ status: 200 });
  });

  test('stays available after two slow requests', async () => {
    for (let time = 0; time < 2; time++) expect(await outcome(gateway)).toEqual(timeout);
    expect(await outcome(gateway, '/api/notes/quick')).toMatchObject({ status: 200 });
  });
});

describe('a call with a long timeout', () => {
  const emptyTrash = (gateway: string) => outcome(gateway, '/api/notes/trash', 'DELETE');

  test('waits for a service that is silent for longer than other calls do', async () => {
    const { promise: isEmpty, resolve: finish } = Promise.withResolvers<void>();
    const notes = await listen((req, res) => {
      if (req.method === 'DELETE') void isEmpty.then(() => res.end());
    });
    const gateway = await gatewayTo({ notes });
    const long = emptyTrash(gateway);
    for (const path of ['/api/notes/trash', '/api/notes/trash']) {
      expect(await outcome(gateway, path)).toEqual(timeout);
    }
    finish();
    expect(await long).toMatchObject({ status: 200 });
  });

  test('waits for a service that shows signs of life', async () => {
    const work = async (res: ServerResponse) => {
      for (let sign = 0; sign < 8; sign++) {
        await delay(100);
        res.writeProcessing();
      }
      res.end();
    };
    const notes = await listen((_req, res) => void work(res));
    const gateway = await gatewayTo({ notes }, { upstreamLongTimeoutMs: 300 });
    expect(await emptyTrash(gateway)).toMatchObject({ status: 200 });
  });

  test('is a 504 when the service stays silent', async () => {
    const gateway = await gatewayTo({ notes: await listen(() => {}) }, { upstreamLongTimeoutMs: 300 });
    expect(await emptyTrash(gateway)).toEqual(timeout);
  });
});

test('a service that sends no 100 (Continue) is a 504, and unavailable after three', async () => {
  const gateway = await gatewayTo({ notes: await listenTcp((socket) => void socket.resume()) });
  const post = 'POST /api/notes HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\nExpect: 100-continue\r\n\r\n';
  const answers = await Promise.all([1, 2, 3].map(() => sendBytes(gateway, post)));
  expect(answers.map((answer) => parseAnswer(answer).status)).toEqual([504, 504, 504]);
  expect(await outcome(gateway)).toEqual(unavailable);
});

test('a service that refuses connections is a 503 at once, and available as soon as it listens again', async () => {
  const port = await freePort();
  const gateway = await gatewayTo({ notes: `http://127.0.0.1:${port}` });
  for (let time = 0; time < 10; time++) expect(await outcome(gateway)).toEqual(unavailable);
  const notes = createServer((_req, res) => res.end()).listen(port, '127.0.0.1');
  await once(notes.unref(), 'listening');
  const answers = await Promise.all(Array.from({ length: 5 }, () => outcome(gateway)));
  expect(answers.map(({ status }) => status)).toEqual([200, 200, 200, 200, 200]);
});

test('a request is sent once, to another address of the service, when one refuses the connection', async () => {
  const service = await recorder();
  const { port } = new URL(service.url);
  const restore = resolveTo('notes.test', ['127.0.0.2', '127.0.0.1']);
  const gateway = await gatewayTo({ notes: `http://notes.test:${port}` });
  const body = 'x'.repeat(300_000);
  expect((await send(gateway, '/api/notes', { method: 'POST', body })).status).toBe(200);
  const chunked = { method: 'POST', body, headers: { 'Transfer-Encoding': 'chunked' } };
  expect((await send(gateway, '/api/notes', chunked)).status).toBe(200);
  expect(service.reached.map(({ bytes }) => bytes)).toEqual([body.length, body.length]);
  restore();
});

test('a connection timeout is a 503, because the request was not sent', async () => {
  // A backlog of one connection, which the server never accepts.
  const { port, stop } = await deafServer();
  const inQueue = Array.from({ length: 4 }, () => connect(port, '127.0.0.1').on('error', () => {}));
  await delay(100);
  const gateway = await gatewayTo({ notes: `http://127.0.0.1:${port}` });
  const calls = [outcome(gateway), outcome(gateway, '/api/notes/trash', 'DELETE')];
  expect(await Promise.all(calls)).toEqual([unavailable, unavailable]);
  for (const socket of inQueue) socket.destroy();
  await stop();
});

async function deafServer() {
  const worker = new Worker(
    `const { parentPort } = require('node:worker_threads');
     const server = require('node:net').createServer().listen({ port: 0, host: '127.0.0.1', backlog: 1 }, () => {
       parentPort.postMessage(server.address().port);
       Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0);
     });`,
    { eval: true },
  );
  const [port] = (await once(worker, 'message')) as [number];
  return { port, stop: () => worker.terminate() };
}
