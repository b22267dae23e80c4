import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { request, type IncomingMessage, type ServerResponse } from 'node:http';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { freePort } from '@polyglot-notes/service-kit/testing';
import { refusingServices } from '../gateway.ts';
import { closeAll, listenLikeAService } from '../upstreams.ts';

const megabyte = 1_000_000;
const size = 100 * megabyte;
const line = Buffer.from(`${JSON.stringify({ title: 'Note', content: 'x'.repeat(9_974) })}\n`);
/** The most that the kernel lets a socket hold to be sent or read, in bytes. */
const kernelBuffer = (which: 'rmem' | 'wmem') =>
  Number(readFileSync(`/proc/sys/net/ipv4/tcp_${which}`, 'utf8').split('\t')[2]);
// Of two connections, and ten megabytes of the streams.
const maxAhead = 2 * (kernelBuffer('rmem') + kernelBuffer('wmem')) + 10 * megabyte;
const maxGrowth = 60 * megabyte;

let gateway: ChildProcess;
let url: string;
/** How many bytes of the current transfer were sent and received at its two ends. */
let sent = 0;
let received = 0;
let furthestAhead = 0;

function* linesOf(bytes: number) {
  for (sent = 0; sent < bytes; sent += line.length) {
    furthestAhead = Math.max(furthestAhead, sent - received);
    yield line;
  }
}

/** Reads to the end, and rests after each of its first megabytes, until the sender can send nothing more. */
async function read(stream: AsyncIterable<Buffer>, { rests }: { rests: number }): Promise<void> {
  received = 0;
  let rested = 0;
  for await (const chunk of stream) {
    received += chunk.length;
    if (rested < rests && received > (rested + 1) * 10 * megabyte) {
      rested++;
      for (let before = -1; before !== sent;) {
        before = sent;
        await new Promise((resolve) => setTimeout(resolve, 100));
      }
    }
  }
}

let rests = 0;

/** A notes-service that counts what it is sent, or sends as much as the query asks for. */
async function answer(req: IncomingMessage, res: ServerResponse): Promise<void> {
  if (req.method === 'POST') {
    await read(req, { rests });
    res.end();
    return;
  }
  res.setHeader('Content-Type', 'application/x-ndjson');
  await pipeline(Readable.from(linesOf(Number(req.url?.split('=')[1]))), res);
}

async function importBytes(bytes: number): Promise<void> {
  const call = request(`${url}/api/notes/import`, { method: 'POST' });
  call.setHeader('Content-Type', 'application/x-ndjson');
  const [[response]] = (await Promise.all([
    once(call, 'response'),
    pipeline(Readable.from(linesOf(bytes)), call),
  ])) as [[IncomingMessage], void];
  response.resume();
  await once(response, 'end');
}

async function exportBytes(bytes: number): Promise<void> {
  const call = request(`${url}/api/notes/export?bytes=${bytes}`).end();
  const [response] = (await once(call, 'response')) as [IncomingMessage];
  await read(response, { rests });
}

/** The memory of the gateway in bytes: now, or at most. */
function memory(which: 'VmRSS' | 'VmHWM'): number {
  const status = readFileSync(`/proc/${gateway.pid}/status`, 'utf8');
  return 1_024 * Number(new RegExp(`${which}:\\s+(\\d+)`).exec(status)?.[1]);
}

beforeAll(async () => {
  const port = await freePort();
  url = `http://127.0.0.1:${port}`;
  const main = fileURLToPath(new URL('../../src/main.ts', import.meta.url));
  // The flag of the image.
  gateway = spawn(process.execPath, ['--max-semi-space-size=16', main], {
    env: {
      ...refusingServices,
      NOTES_SERVICE_URL: await listenLikeAService((req, res) => void answer(req, res)),
      PORT: String(port),
      METRICS_PORT: String(await freePort()),
      RATE_LIMIT_MAX: '0',
    },
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  });
  await once(gateway, 'message');
  await importBytes(20 * megabyte);
  await exportBytes(20 * megabyte);
});
afterAll(() => {
  gateway.kill('SIGKILL');
  closeAll();
});

test.each([
  ['import', 'reads all the time', importBytes, 0],
  ['import', 'rests', importBytes, 2],
  ['export', 'reads all the time', exportBytes, 0],
  ['export', 'rests', exportBytes, 2],
])('passes an %s of 100 MB in constant memory while its reader %s', async (_what, _how, transfer, times) => {
  rests = times;
  furthestAhead = 0;
  const before = memory('VmRSS');
  await transfer(size);
  expect(received).toBe(sent);
  expect(memory('VmHWM') - before).toBeLessThan(maxGrowth);
  expect(furthestAhead).toBeLessThan(maxAhead);
});
