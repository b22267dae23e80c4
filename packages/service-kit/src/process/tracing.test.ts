import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { text } from 'node:stream/consumers';
import { afterEach, describe, expect, test } from '@jest/globals';
import { freePort, listening, serverUrl } from '../../testing/index.ts';
import { createLogger } from './logging.ts';
import { currentWork } from './request-scope.ts';
import { traceWork } from './trace-work.ts';
import { createTracing, type Tracing } from './tracing.ts';

const lines: { msg: string }[] = [];
const log = createLogger('test', 'info', { write: (line: string) => void lines.push(JSON.parse(line)) });
const opened: Tracing[] = [];
afterEach(async () => {
  for (const tracing of opened.splice(0)) await tracing.close();
});

async function tracingTo(endpoint: string, ratio = 1): Promise<Tracing> {
  const tracing = await createTracing({ service: 'test', endpoint, ratio, log });
  if (tracing === undefined) throw new Error('there is no tracing');
  opened.push(tracing);
  return tracing;
}
const nowhere = 'http://127.0.0.1:1';

const given = { traceId: 'a'.repeat(32), spanId: 'b'.repeat(16) };
const sampled = `00-${given.traceId}-${given.spanId}-01`;
const unsampled = `00-${given.traceId}-${given.spanId}-00`;

/** How many files of OpenTelemetry's SDK a process has loaded that creates the tracing of a service. */
async function loadedFiles(endpoint: string | undefined): Promise<number> {
  const program = `
    import { registerHooks } from 'node:module';
    let files = 0;
    registerHooks({
      load(url, context, next) {
        if (/@opentelemetry.(?:sdk-trace|exporter)/.test(url)) files++;
        return next(url, context);
      },
    });
    const { createTracing } = await import(${JSON.stringify(new URL('../index.ts', import.meta.url))});
    await createTracing({ service: 'test', endpoint: process.env.ENDPOINT });
    console.log(files);
    process.exit(0);`;
  const env = endpoint === undefined ? {} : { ENDPOINT: endpoint };
  const { stdout } = await promisify(execFile)(process.execPath, ['--input-type=module', '-e', program], {
    env,
  });
  return Number(stdout);
}

describe('tracing', () => {
  test('loads nothing of the SDK without a collector', async () => {
    expect(await loadedFiles(nowhere)).toBeGreaterThan(0);
    expect(await loadedFiles(undefined)).toBe(0);
  });

  test('begins a new trace, whatever the client sends', async () => {
    const tracing = await tracingTo(nowhere);
    for (const traceparent of [undefined, 'nonsense', sampled]) {
      const span = tracing.begin(traceparent);
      expect(span?.traceparent).toMatch(/^00-[0-9a-f]{32}-[0-9a-f]{16}-01$/);
      expect(span?.traceId).not.toBe(given.traceId);
    }
  });

  test('does not sample a request because the client asks for it', async () => {
    const tracing = await tracingTo(nowhere, 0);
    expect(tracing.begin(sampled)).toBeUndefined();
  });

  test('continues a sampled trace of another service, and nothing else', async () => {
    const tracing = await tracingTo(nowhere);
    const span = tracing.resume(sampled);
    expect(span?.traceId).toBe(given.traceId);
    expect(span?.child('part').traceparent).toMatch(new RegExp(`^00-${given.traceId}-[0-9a-f]{16}-01$`));
    const invalid = `00-${'0'.repeat(32)}-${given.spanId}-01`;
    for (const traceparent of [undefined, 'nonsense', unsampled, invalid])
      expect(tracing.resume(traceparent)).toBeUndefined();
  });

  test('sends what is left when it stops', async () => {
    const bodies: string[] = [];
    const collector = await listening((req, res) => {
      void text(req).then((body) => {
        bodies.push(`${req.method} ${req.url} ${body}`);
        res.setHeader('Content-Type', 'application/json').end('{}');
      });
    });
    const tracing = await tracingTo(`${serverUrl(collector)}/`);
    tracing.begin(sampled)?.end({ name: 'GET /things/:id', error: 500 });
    await tracing.close();
    collector.close();
    expect(bodies).toEqual([expect.stringMatching(/^POST \/v1\/traces .*"GET \/things\/:id"/)]);
    // 2 is an error.
    expect(bodies[0]).toContain('"status":{"code":2');
    // The trace of the client is a link.
    expect(bodies[0]).toContain(given.traceId);
  });

  test('sends background work with a link to its cause, and nothing of work that found nothing to do', async () => {
    const bodies: string[] = [];
    const collector = await listening((req, res) => {
      void text(req).then((body) => {
        bodies.push(body);
        res.setHeader('Content-Type', 'application/json').end('{}');
      });
    });
    const tracing = await tracingTo(serverUrl(collector));
    await traceWork(tracing, { name: 'idle work' }, async () => {});
    await traceWork(tracing, { name: 'real work', cause: sampled }, async () => currentWork()?.begin());
    await tracing.close();
    collector.close();
    expect(bodies).toEqual([expect.stringContaining('"real work"')]);
    // 1 is internal.
    expect(bodies[0]).toContain('"kind":1');
    expect(bodies[0]).toContain(given.traceId);
    expect(bodies[0]).not.toContain('idle work');
  });

  test('leaves out background work that is not sampled', async () => {
    const tracing = await tracingTo(nowhere, 0);
    expect(tracing.start('work', sampled)).toBeUndefined();
  });

  test('logs once that the collector is unavailable, and stops soon all the same', async () => {
    const tracing = await tracingTo(`http://127.0.0.1:${await freePort()}`);
    tracing.begin(undefined)?.end();
    const start = performance.now();
    await tracing.close();
    expect(performance.now() - start).toBeLessThan(5_000);
    expect(lines.map(({ msg }) => msg)).toEqual(['traces cannot be sent']);
  });
});
