import { PassThrough, Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { setTimeout as delay } from 'node:timers/promises';
import { expect, test } from '@jest/globals';
import { arriving } from './arriving.ts';

const patienceMs = 50;

test('a body of which nothing more arrives is a request_timeout', async () => {
  const chunks = async function* () {
    yield 'a little';
    await new Promise(() => {});
  };
  const body = Readable.from(chunks(), { objectMode: false });
  await expect(buffer(arriving(body, patienceMs))).rejects.toMatchObject({
    type: { status: 408, code: 'request_timeout' },
  });
});

test('a body of which single bytes arrive is a request_timeout', async () => {
  const body = new PassThrough();
  const dripping = setInterval(() => body.write('a'), 10);
  await expect(buffer(arriving(body, patienceMs))).rejects.toMatchObject({ type: { status: 408 } });
  clearInterval(dripping);
});

test('a body may arrive slowly', async () => {
  const body = new PassThrough();
  const sending = (async () => {
    for (let part = 0; part < 10; part++) {
      body.write('x'.repeat(1_000));
      await delay(patienceMs / 3);
    }
    body.end();
  })();
  expect((await buffer(arriving(body, patienceMs))).length).toBe(10_000);
  await sending;
});

test('the time of a slow reader does not count', async () => {
  const body = new PassThrough();
  body.end('x');
  let chunks = 0;
  for await (const _chunk of arriving(body, patienceMs)) {
    await delay(3 * patienceMs);
    chunks++;
  }
  expect(chunks).toBe(1);
});
