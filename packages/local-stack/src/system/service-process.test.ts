import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { StartError } from '@polyglot-notes/service-kit';
import { listening, serverUrl, until } from '@polyglot-notes/service-kit/testing';
import { startService, type ServiceProcess } from './service-process.ts';

const maxLogBytes = 100_000;
const numbered = `let line = 0; setInterval(() => { for (let i = 0; i < 50; i++) console.log(line++); }, 1);`;

let folder: string;
let service: ServiceProcess;
const log = (name: string) => join(folder, 'logs', name);
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'service-'));
  await writeFile(join(folder, 'main.mjs'), numbered);
  service = startService({
    name: 'a-service',
    entry: join(folder, 'main.mjs'),
    url: 'http://127.0.0.1:1',
    env: {},
    logFile: log('a-service.log'),
    maxLogBytes,
  });
});
afterAll(async () => {
  await service.stop('SIGKILL');
  await rm(folder, { recursive: true });
});

test('moves a log that has become too large to the previous one, and goes on in an empty one', async () => {
  await until(() => existsSync(log('a-service.previous.log')));
  await service.stop('SIGKILL');
  const [previous = '', current = ''] = await Promise.all(
    ['a-service.previous.log', 'a-service.log'].map((name) => readFile(log(name), 'utf8')),
  );
  expect(previous.length).toBeGreaterThan(maxLogBytes);
  expect(previous).toMatch(/^\d+\n(?:\d+\n)*$/);
  // A writer that did not append would leave a gap of zero bytes.
  expect(current).toMatch(/^(?:\d+\n)*$/);
  expect((await stat(log('a-service.log'))).size).toBe(current.length);
});

test('does not take another server on the port for the service', async () => {
  const other = await listening((_req, res) => res.end());
  const url = serverUrl(other);
  const second = startService({
    name: 'second',
    entry: fileURLToPath(new URL('../../../service-kit/testing/lifecycle-fixture.ts', import.meta.url)),
    url,
    env: { PORT: new URL(url).port, NEEDED: 'yes' },
    logFile: log('second.log'),
  });
  const refusal = await second.ready().catch((error: unknown) => error);
  other.close();
  expect(refusal).toBeInstanceOf(StartError);
  expect(String(refusal)).toMatch(/second ended with code 1: Cannot listen on PORT=\d+ .*EADDRINUSE/);
});
