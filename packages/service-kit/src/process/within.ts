import { setTimeout as delay } from 'node:timers/promises';

/** The result of `work`. Throws when it takes longer than `ms` milliseconds. */
export async function within<Result>(ms: number, work: Promise<Result> | Result): Promise<Result> {
  const late = new AbortController();
  const timeout = delay(ms, undefined, { signal: late.signal, ref: false }).then((): never => {
    throw new Error(`no result within ${ms} ms`);
  });
  try {
    return await Promise.race([work, timeout]);
  } finally {
    late.abort();
  }
}
