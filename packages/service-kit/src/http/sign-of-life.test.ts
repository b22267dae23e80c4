import { once } from 'node:events';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import express from 'express';
import { sendBytes, serverUrl } from '../../testing/index.ts';
import { signOfLife } from './sign-of-life.ts';

const app = express();
app.get('/working', (_req, res) => {
  const showLife = signOfLife(res, 0);
  showLife();
  showLife();
  res.send('done');
  showLife();
});
app.get('/quick', (_req, res) => {
  signOfLife(res)();
  res.send('done');
});
const server = app.listen(0, '127.0.0.1');

beforeAll(() => once(server, 'listening'));
afterAll(() => server.close().closeAllConnections());

/** The status lines of the answer to a GET. */
async function statuses(path: string, version: string) {
  const get = `GET ${path} HTTP/${version}\r\nHost: x\r\nConnection: close\r\n\r\n`;
  return (await sendBytes(serverUrl(server), get)).match(/^HTTP\/1.1 \d+/gm);
}

test('sends 102 (Processing) until the response begins', async () => {
  expect(await statuses('/working', '1.1')).toEqual(['HTTP/1.1 102', 'HTTP/1.1 102', 'HTTP/1.1 200']);
});

test('sends nothing within the interval', async () => {
  expect(await statuses('/quick', '1.1')).toEqual(['HTTP/1.1 200']);
});

test('sends nothing to a client of HTTP/1.0', async () => {
  expect(await statuses('/working', '1.0')).toEqual(['HTTP/1.1 200']);
});
