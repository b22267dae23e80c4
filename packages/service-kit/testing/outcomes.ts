import { setTimeout as delay } from 'node:timers/promises';

/** The statuses of answers that came in any order, sorted. */
export const statuses = (answers: { status: number }[]): number[] =>
  answers.map(({ status }) => status).toSorted((a, b) => a - b);

/** The statuses to expect, sorted, when one of `count` requests wins and the others lose. */
export const oneWins = (count: number, won: number, lost: number): number[] => [
  won,
  ...Array.from({ length: count - 1 }, () => lost),
];

/** Waits until `check` is true. Throws when it is not after ten seconds. */
export async function until(check: () => Promise<boolean> | boolean): Promise<void> {
  const givesUp = Date.now() + 10_000;
  while (!(await check())) {
    if (Date.now() > givesUp) throw new Error(`Waited in vain for ${check.toString()}`);
    await delay(20);
  }
}
