import { Agent, get } from 'node:http';
import { afterEach, describe, expect, test } from '@jest/globals';
import { freePort, freePorts, send, until } from '../../testing/index.ts';
import { killFixtures, runFixture, runFixtureOnFreePort } from '../../testing/run-fixture.ts';

afterEach(killFixtures);

function fetchVia(agent: Agent, url: string): Promise<{ body: string; connection: string | undefined }> {
  return new Promise((resolve, reject) => {
    get(url, { agent }, (res) => {
      let body = '';
      res.on('data', (chunk: Buffer) => (body += chunk.toString()));
      res.on('end', () => resolve({ body, connection: res.headers.connection }));
    }).on('error', reject);
  });
}

describe('a service process', () => {
  test('lists all errors of its settings, and nothing else, before it exits', async () => {
    const service = runFixture({ PORT: 'eighty' });
    expect(await service.ended).toBe(1);
    expect(service.output()).toMatch(
      /^The settings are incomplete or invalid:\n {2}PORT: .*\n {2}NEEDED: is not set\n$/,
    );
  });

  test('reports in one sentence that its port is in use', async () => {
    const { url } = await runFixtureOnFreePort();
    const { port } = new URL(url);
    const second = runFixture({ PORT: port, NEEDED: 'yes' });
    expect(await second.ended).toBe(1);
    expect(second.output()).toContain(`Cannot listen on PORT=${port} of 127.0.0.1 (EADDRINUSE).\n`);
  });

  test('serves its metrics on a port of its own, and nothing else there', async () => {
    const { url, metricsUrl, child, ended } = await runFixtureOnFreePort();
    const { status, headers, body } = await send(metricsUrl, '/metrics');
    expect([status, headers['content-type']]).toEqual([
      200,
      expect.stringMatching(/^text\/plain; version=0\.0\.4/),
    ]);
    for (const line of [/^stored 7$/m, /^added 3$/m, /^process_resident_memory_bytes \d/m])
      expect(body).toMatch(line);
    expect((await send(metricsUrl, '/')).status).toBe(404);
    expect((await send(url, '/metrics')).body).toBe('serving');
    child.kill('SIGTERM');
    expect(await ended).toBe(0);
  });

  test('reports in one sentence that the port of its metrics is in use', async () => {
    const { metricsUrl } = await runFixtureOnFreePort();
    const { port } = new URL(metricsUrl);
    const second = runFixture({ PORT: String(await freePort()), METRICS_PORT: port, NEEDED: 'yes' });
    expect(await second.ended).toBe(1);
    expect(second.output()).toContain(`Cannot listen on METRICS_PORT=${port} of 127.0.0.1 (EADDRINUSE).\n`);
  });

  test('reports in one sentence that its two ports are the same', async () => {
    const port = String(await freePort());
    const service = runFixture({ PORT: port, METRICS_PORT: port, NEEDED: 'yes' });
    expect(await service.ended).toBe(1);
    expect(service.output()).toBe(`METRICS_PORT and PORT are both ${port}: give one of them another port.\n`);
  });

  test.each([
    ['when it has loaded what it needs', '500', 'true'],
    ['with a warning when it cannot load it soon', '300000', 'false'],
  ])('listens %s', async (_when, LOAD_MS, isLoaded) => {
    const { url, child, ended, output } = await runFixtureOnFreePort({ LOAD_MS });
    expect((await send(url, '/loaded')).body).toBe(isLoaded);
    child.kill('SIGTERM');
    await ended;
    expect(output().includes('other services are unavailable')).toBe(isLoaded === 'false');
  });

  test('never listens when it is stopped while it loads', async () => {
    const [port, metricsPort] = await freePorts(2);
    const service = runFixture({
      PORT: String(port),
      METRICS_PORT: String(metricsPort),
      NEEDED: 'yes',
      LOAD_MS: '300000',
    });
    await until(() =>
      send(`http://127.0.0.1:${metricsPort}`, '/metrics').then(
        () => true,
        () => false,
      ),
    );
    service.child.kill('SIGTERM');
    expect(await service.ended).toBe(0);
    expect(service.output()).toContain('context closed');
    expect(service.output()).not.toContain('listening');
  });

  test('completes the requests in progress, closes connections and context, and exits with 0', async () => {
    const { child, says, ended, output, url } = await runFixtureOnFreePort();
    const agent = new Agent({ keepAlive: true, maxSockets: 1 });
    expect(await fetchVia(agent, `${url}/`)).toEqual({ body: 'serving', connection: 'keep-alive' });
    const slow = fetchVia(agent, `${url}/slow`);
    const stopping = says(/"stopping"/);
    setTimeout(() => child.kill('SIGTERM'), 100);
    await stopping;
    expect(await slow).toEqual({ body: 'slow but whole', connection: 'close' });
    expect(await ended).toBe(0);
    expect(output()).toMatch(/context closed[^]*"stopped"/);
    agent.destroy();
  });

  test('answers on kept-alive connections with Connection: close before it stops', async () => {
    const { child, says, ended, url } = await runFixtureOnFreePort();
    const agent = new Agent({ keepAlive: true, maxSockets: 1 });
    await fetchVia(agent, `${url}/`);
    const stopping = says(/"stopping"/);
    child.kill('SIGTERM');
    await stopping;
    expect(await fetchVia(agent, `${url}/`)).toEqual({ body: 'draining', connection: 'close' });
    expect(await ended).toBe(0);
    agent.destroy();
  });

  test('answers a request that waits as soon as it stops', async () => {
    const { child, says, ended, url } = await runFixtureOnFreePort();
    const waiting = [1, 2].map(() => fetchVia(new Agent(), `${url}/wait`));
    await says(/waits\n[^]*waits\n/);
    child.kill('SIGTERM');
    for (const response of await Promise.all(waiting))
      expect(response).toEqual({ body: 'answered', connection: 'close' });
    expect(await ended).toBe(0);
  });

  test('is not ready and still accepts connections for SHUTDOWN_DELAY_MS, or until a second signal', async () => {
    const { child, says, ended, url } = await runFixtureOnFreePort({ SHUTDOWN_DELAY_MS: '300000' });
    const waiting = fetchVia(new Agent(), `${url}/wait`);
    await says(/waits\n/);
    child.kill('SIGTERM');
    await says(/"stopping"/);
    expect((await send(url, '/health/ready')).status).toBe(503);
    const { status, headers, body } = await send(url, '/', { headers: { Connection: 'keep-alive' } });
    expect({ status, connection: headers.connection, body }).toEqual({
      status: 200,
      connection: 'keep-alive',
      body: 'serving',
    });
    child.kill('SIGINT');
    expect(await waiting).toEqual({ body: 'answered', connection: 'close' });
    expect(await ended).toBe(0);
  });

  test('shuts down by itself after SHUTDOWN_DELAY_MS', async () => {
    const { child, ended, url } = await runFixtureOnFreePort({ SHUTDOWN_DELAY_MS: '500' });
    expect((await send(url, '/health/ready')).status).toBe(200);
    const begin = performance.now();
    child.kill('SIGTERM');
    expect(await ended).toBe(0);
    expect(performance.now() - begin).toBeGreaterThan(500);
  });

  test('shuts down in order when its parent process ends', async () => {
    const { child, ended } = await runFixtureOnFreePort({ SHUTDOWN_DELAY_MS: '300000' });
    child.disconnect();
    expect(await ended).toBe(0);
  });
});
