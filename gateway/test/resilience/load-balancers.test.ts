// Two gateways behind a real load balancer stop and start one after the other while clients send requests.
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { Agent, createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { freePort, freePorts, scaled, send, until } from '@polyglot-notes/service-kit/testing';
import { refusingServices } from '../gateway.ts';
import { caddy, haproxy, nginx, type Balancer } from '../load-balancers.ts';

const main = fileURLToPath(new URL('../../src/main.ts', import.meta.url));
const clients = 8;

/** A gateway in a process of its own, which can be stopped and started again on the same port. */
async function startGateway(serviceUrl: string) {
  const port = await freePort();
  let child: ChildProcess;
  let served = 0;

  async function start(): Promise<void> {
    child = spawn(process.execPath, [main], {
      env: {
        ...refusingServices,
        NOTES_SERVICE_URL: serviceUrl,
        PORT: String(port),
        RATE_LIMIT_MAX: '0',
        SHUTDOWN_DELAY_MS: String(scaled(1_000)),
      },
      stdio: ['ignore', 'pipe', 'inherit', 'ipc'],
    });
    child.stdout!.on('data', (lines: Buffer) => {
      served += lines.toString().split('"upstream":"notes"').length - 1;
    });
    await once(child, 'message');
  }
  await start();
  return {
    port,
    served: () => served,
    async restart(): Promise<void> {
      child.kill('SIGTERM');
      expect(await once(child, 'exit')).toEqual([0, null]);
      await start();
    },
    kill: () => child.kill('SIGKILL'),
  };
}

/** Sends requests over connections that are kept, until the returned function is called. */
function startLoad(url: string, methods: readonly string[]) {
  let isOver = false;
  let good = 0;
  const bad: string[] = [];
  const all = Array.from({ length: clients }, async (_, client) => {
    const agent = new Agent({ keepAlive: true, maxSockets: 1 });
    for (let turn = client; !isOver; turn++) {
      const method = methods[turn % methods.length]!;
      const body = method === 'POST' ? 'x'.repeat(10_000) : undefined;
      const outcome = await send(url, '/api/notes', { method, body, agent }).catch(String);
      if (typeof outcome === 'object' && outcome.status === 200) good++;
      else bad.push(`${method}: ${JSON.stringify(outcome)}`);
      // Pauses, so that connections become idle too.
      await delay(turn % 50);
    }
    agent.destroy();
  });
  return async () => {
    isOver = true;
    await Promise.all(all);
    return { good, bad };
  };
}

const describeInstalled = ({ isInstalled }: Balancer) => (isInstalled ? describe : describe.skip);
describeInstalled(nginx)('two gateways behind nginx', () => testBehind(nginx));
describeInstalled(haproxy)('two gateways behind HAProxy', () => testBehind(haproxy));
describeInstalled(caddy)('two gateways behind Caddy', () => testBehind(caddy));

function testBehind(balancer: Balancer): void {
  const service = createServer((req, res) => void req.resume().on('end', () => res.end('served')));
  let folder: string;
  let gateways: Awaited<ReturnType<typeof startGateway>>[];
  let running: ChildProcess | undefined;
  let url: string;
  beforeAll(async () => {
    const [servicePort, port] = await freePorts(2);
    await once(service.listen(servicePort, '127.0.0.1'), 'listening');
    const serviceUrl = `http://127.0.0.1:${servicePort}`;
    gateways = await Promise.all([startGateway(serviceUrl), startGateway(serviceUrl)]);
    folder = await mkdtemp(join(tmpdir(), 'load-balancer-'));
    const file = join(folder, 'configuration');
    await writeFile(
      file,
      balancer.configuration(
        folder,
        port!,
        gateways.map((gateway) => gateway.port),
      ),
    );
    running = spawn(balancer.command, balancer.arguments(file), { stdio: 'inherit' });
    url = `http://127.0.0.1:${port}`;
    await until(() =>
      send(url, '/api/notes').then(
        ({ status }) => status === 200,
        () => false,
      ),
    );
  });
  afterAll(async () => {
    if (running?.kill()) await once(running, 'exit');
    gateways.forEach((gateway) => gateway.kill());
    service.close().closeAllConnections();
    await rm(folder, { recursive: true });
  });

  test('no request fails while each gateway stops and starts again', async () => {
    const end = startLoad(url, balancer.methods);
    for (const gateway of gateways) {
      await gateway.restart();
      const before = gateway.served();
      await until(() => gateway.served() > before + 10);
    }
    const { good, bad } = await end();
    expect(bad).toEqual([]);
    expect(good).toBeGreaterThan(100);
  });
}
