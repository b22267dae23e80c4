import { setTimeout as delay } from 'node:timers/promises';

/**
 * A time limit for this machine: the milliseconds of an idle one times TEST_TIME_SCALE, which the set-up of the tests
 * measures. For limits only; a test never waits for a scaled time to pass.
 */
export const scaled = (ms: number): number => ms * Number(process.env['TEST_TIME_SCALE'] ?? 1);

/** Waits until `check` is true. Throws when it is still false after the time limit. */
export async function until(check: () => Promise<boolean> | boolean, limitMs = 10_000): Promise<void> {
  const deadline = Date.now() + scaled(limitMs);
  while (!(await check())) {
    if (Date.now() > deadline) throw new Error(`Waited in vain for ${check.toString()}`);
    await delay(20);
  }
}
