import { setTimeout as delay } from 'node:timers/promises';

/** A time limit in milliseconds for this machine: TEST_TIME_SCALE, which jest.base.mjs measures, times the given one. */
export const scaled = (ms: number): number => Math.ceil(ms * Number(process.env['TEST_TIME_SCALE'] ?? 1));

/** Waits until `check` is true. Throws when it is still false after the time limit. */
export async function until(check: () => Promise<boolean> | boolean, limitMs = 30_000): Promise<void> {
  const deadline = Date.now() + scaled(limitMs);
  while (!(await check())) {
    if (Date.now() > deadline) throw new Error(`Waited in vain for ${check.toString()}`);
    await delay(20);
  }
}
