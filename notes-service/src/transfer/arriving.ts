import type { Readable } from 'node:stream';
import { minBytesPerSecond, Problem, problems } from '@polyglot-notes/service-kit';

/**
 * Reads a body. Throws `request_timeout` when less than 1 KiB/s arrives while the reader waits for `patienceMs`, so that a
 * client which sends nothing does not keep a slot.
 */
export async function* arriving(body: Readable, patienceMs = 15_000): AsyncGenerator<Buffer> {
  let [bytes, waitedMs, waitsSince] = [0, 0, performance.now()];
  let isWaiting = true;
  const check = () => {
    if (!isWaiting) return;
    const waited = waitedMs + performance.now() - waitsSince;
    if (waited < patienceMs) return;
    if (bytes < (waited * minBytesPerSecond) / 1_000)
      body.destroy(new Problem(problems.requestTimeout, { headers: { Connection: 'close' } }));
    [bytes, waitedMs, waitsSince] = [0, 0, performance.now()];
  };
  const timer = setInterval(check, patienceMs / 10).unref();
  try {
    for await (const chunk of body as AsyncIterable<Buffer>) {
      isWaiting = false;
      waitedMs += performance.now() - waitsSince;
      bytes += chunk.length;
      yield chunk;
      waitsSince = performance.now();
      isWaiting = true;
    }
  } finally {
    clearInterval(timer);
  }
}
