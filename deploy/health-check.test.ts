import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { fileURLToPath } from 'node:url';
import { afterEach, expect, test } from '@jest/globals';
import { createLogger, createMetrics, serviceApp } from '@polyglot-notes/service-kit';
import { freePort, listening, serverUrl } from '@polyglot-notes/service-kit/testing';

const script = fileURLToPath(new URL('health-check.sh', import.meta.url));
const toClose: (() => void)[] = [];
afterEach(() => toClose.splice(0).forEach((close) => close()));

/** The exit code of the health check of the images. */
const check = (port: string | number) =>
  new Promise<unknown>((resolve) => {
    execFile('bash', [script], { env: { PORT: String(port) } }, (error) => resolve(error?.code ?? 0));
  });

test('the health check passes only while a service is ready', async () => {
  let isReady = true;
  const log = createLogger('test', 'silent');
  const app = serviceApp({
    title: 'test',
    log,
    metrics: createMetrics(log),
    routes: [],
    verifiers: {},
    headers: {},
    checks: {
      database: () => {
        if (!isReady) throw new Error('no database');
      },
    },
    isUnavailable: () => false,
  });
  const server = await listening(app);
  toClose.push(() => server.close().closeAllConnections());
  const { port } = new URL(serverUrl(server));
  expect(await check(port)).toBe(0);
  isReady = false;
  expect(await check(port)).toBe(1);
});

test('the health check fails when nothing listens', async () => {
  expect(await check(await freePort())).toBe(1);
});

test('the health check fails after some seconds when a service is silent', async () => {
  const silent = createServer(() => {}).listen(0, '127.0.0.1');
  await once(silent, 'listening');
  toClose.push(() => silent.close());
  expect(await check(new URL(serverUrl(silent)).port)).toBe(1);
});
