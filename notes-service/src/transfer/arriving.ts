import type { Readable } from 'node:stream';
import { minBytesPerSecond, Problem, problems } from '@polyglot-notes/service-kit';

/**
 * Reads a body. Throws `request_timeout` when less than 1 KiB/s arrives while the reader waits for `patienceMs`, so that a
 * client which sends nothing does not keep a slot.
 */
export async function* arriving(body: Readable, patienceMs = 15_000): AsyncGenerator<Buffer> {
  let [bytes, waitedMs, waitsSince] = [0, 0, performance.now()];
  let isWaiting = true;
  const stalled = Promise.withResolvers<never>();
  stalled.promise.catch(() => {});
  const check = () => {
    if (!isWaiting) return;
    const waited = waitedMs + performance.now() - waitsSince;
    if (waited < patienceMs) return;
    if (bytes < (waited * minBytesPerSecond) / 1_000)
      stalled.reject(new Problem(problems.requestTimeout, { headers: { Connection: 'close' } }));
    [bytes, waitedMs, waitsSince] = [0, 0, performance.now()];
  };
  const timer = setInterval(check, patienceMs / 10).unref();
  try {
    // To destroy a stream that is made of a generator has no effect while the generator waits.
    const chunks: AsyncIterator<Buffer> = body[Symbol.asyncIterator]();
    for (;;) {
      const { done, value } = await Promise.race([chunks.next(), stalled.promise]);
      if (done) return;
      isWaiting = false;
      waitedMs += performance.now() - waitsSince;
      bytes += value.length;
      yield value;
      waitsSince = performance.now();
      isWaiting = true;
    }
  } finally {
    clearInterval(timer);
  }
}
