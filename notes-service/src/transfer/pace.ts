import { setTimeout } from 'node:timers/promises';
import { hasWaitedTooLong } from '../database.ts';

const longestRestMs = 1_000;

/**
 * Does a piece of background work and then rests as long as it took, so that it takes at most half of the processors and
 * connections from interactive calls.
 */
export async function atHalfSpeed<Result>(
  work: () => Promise<Result>,
  signal?: AbortSignal,
): Promise<Result> {
  const began = performance.now();
  const result = await work();
  const tookMs = performance.now() - began;
  await setTimeout(Math.min(tookMs, longestRestMs), undefined, { ...(signal && { signal }) });
  return result;
}

const shortestWorkMs = 5;

/**
 * Reads items, and rests as long as it took to read them, at most a second, after each 5 ms of that. The time in which the
 * caller uses an item does not count.
 */
export async function* readAtHalfSpeed<Item>(
  source: AsyncIterable<Item>,
  { clock = () => performance.now(), rest = (ms: number): Promise<unknown> => setTimeout(ms) } = {},
): AsyncGenerator<Item> {
  let tookMs = 0;
  let began = clock();
  for await (const item of source) {
    tookMs += clock() - began;
    if (tookMs >= shortestWorkMs) {
      await rest(Math.min(tookMs, longestRestMs));
      tookMs = 0;
    }
    yield item;
    began = clock();
  }
}

const retryMs = 100;
const patienceMs = 60_000;

/** Repeats work that has changed nothing because it waited too long for a lock or a connection, for about a minute. */
export async function untilNotBusy<Result>(
  work: () => Promise<Result>,
  signal: AbortSignal,
): Promise<Result> {
  const givesUp = performance.now() + patienceMs;
  for (;;) {
    try {
      return await work();
    } catch (error) {
      if (!hasWaitedTooLong(error) || performance.now() > givesUp) throw error;
    }
    await setTimeout(retryMs, undefined, { signal });
  }
}
