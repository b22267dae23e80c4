import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { freePorts, send, until } from '@polyglot-notes/service-kit/testing';
import { refusingServices } from '../gateway.ts';
import { closeAll, recorder } from '../upstreams.ts';

const limit = 10;
const main = fileURLToPath(new URL('../../src/main.ts', import.meta.url));

describe('a gateway with two workers', () => {
  let child: ChildProcess;
  let url: string;
  let metricsUrl: string;
  let log = '';
  beforeAll(async () => {
    const [port, metricsPort] = await freePorts(2);
    const service = await recorder();
    url = `http://127.0.0.1:${port}`;
    metricsUrl = `http://127.0.0.1:${metricsPort}`;
    child = spawn(process.execPath, [main], {
      env: {
        ...refusingServices,
        AUTH_SERVICE_URL: service.url,
        PORT: String(port),
        METRICS_PORT: String(metricsPort),
        WORKERS: '2',
        RATE_LIMIT_MAX: '0',
        RATE_LIMIT_AUTH_MAX: String(limit),
      },
      stdio: ['ignore', 'pipe', 'inherit', 'ipc'],
    });
    child.stdout!.on('data', (chunk: Buffer) => (log += chunk.toString()));
    await once(child, 'message');
  });
  afterAll(() => {
    child.kill('SIGKILL');
    closeAll();
  });

  const logIn = () => send(url, '/api/auth/login', { method: 'POST' });
  const requestLines = () =>
    log
      .split('\n')
      .filter((line) => line.includes('"method":"POST"'))
      .map((line) => JSON.parse(line) as { pid: number });
  /** How many requests the metrics count. */
  async function measured(): Promise<number> {
    const { body } = await send(metricsUrl, '/metrics');
    const counts = body.matchAll(/^http_server_request_duration_seconds_count\{.*\} (\d+)$/gm);
    return [...counts].reduce((sum, [, count]) => sum + Number(count), 0);
  }

  test('counts the requests of a client over both, with the right headers', async () => {
    const answers = await Promise.all(Array.from({ length: 2 * limit }, logIn));
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(limit);
    expect(answers.filter(({ status }) => status === 429)).toHaveLength(limit);
    const left = answers.map(({ headers }) => Number(/; r=(\d+);/.exec(String(headers['ratelimit']))?.[1]));
    const expected = [...Array.from({ length: limit }, (_, n) => n), ...Array<number>(limit).fill(0)];
    expect(left.toSorted((a, b) => a - b)).toEqual(expected.toSorted((a, b) => a - b));
    const policies = new Set(answers.map(({ headers }) => headers['ratelimit-policy']));
    expect([...policies]).toEqual([expect.stringMatching(/^"auth"; q=10; w=60; pk=:\S+:$/)]);
    await until(() => requestLines().length === 2 * limit);
    expect(new Set(requestLines().map(({ pid }) => pid)).size).toBe(2);
  });

  test('shows the requests of both in every scrape', async () => {
    const before = await measured();
    await logIn();
    await logIn();
    expect([await measured(), await measured()]).toEqual([before + 2, before + 2]);
  });

  test('keeps its counts when a worker is replaced', async () => {
    await logIn();
    const { pid: killed } = requestLines().at(-1)!;
    process.kill(killed, 'SIGKILL');
    await until(() => log.includes('a worker ended, will be replaced'));
    await until(() => log.split('"msg":"listening"').length === 4);
    expect((await logIn()).status).toBe(429);
    expect((await logIn()).status).toBe(429);
  });
});
