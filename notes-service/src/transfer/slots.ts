import { setTimeout } from 'node:timers/promises';
import { Problem, problems } from '@polyglot-notes/service-kit';

/** Takes a slot for a user. Returns a function that gives it back. */
export type TakeSlot = (userId: string) => () => void;

/**
 * Limits how much long work runs at a time. Throws `rate_limited` when the user has a slot already, and
 * `service_unavailable` when all slots are taken.
 */
export function createSlots(overall: number): TakeSlot {
  const users = new Set<string>();
  return (userId) => {
    if (users.has(userId))
      throw new Problem(problems.rateLimited, {
        detail: 'Another export or import of the user is in progress',
        headers: { 'Retry-After': '5' },
      });
    if (users.size >= overall)
      throw new Problem(problems.serviceUnavailable, { headers: { 'Retry-After': '30' } });
    users.add(userId);
    return () => users.delete(userId);
  };
}

const retryMs = 200;

/** Takes a slot as soon as it is free. Throws what `take` throws last if that takes longer than `waitMs`. */
export async function waitForSlot(
  take: () => () => void,
  { waitMs, signal }: { waitMs: number; signal: AbortSignal },
): Promise<() => void> {
  for (let left = waitMs; ; left -= retryMs) {
    try {
      return take();
    } catch (error) {
      if (left <= 0) throw error;
    }
    await setTimeout(retryMs, undefined, { signal });
  }
}

/** Takes a slot when the first item is read, and gives it back after the last one. */
export async function* inSlot<Item>(
  take: () => () => void,
  source: AsyncIterable<Item>,
): AsyncGenerator<Item> {
  const release = take();
  try {
    yield* source;
  } finally {
    release();
  }
}
