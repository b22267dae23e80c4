import { pbkdf2Sync } from 'node:crypto';

// The time of one round on a machine where the unscaled limits hold.
const expectedMs = 20;

/** How many times slower than expected this machine is now: 1 or more. The median of five rounds counts. */
export function measureTimeScale(): number {
  const rounds = Array.from({ length: 5 }, () => {
    const begin = performance.now();
    pbkdf2Sync('password', 'salt', 100_000, 32, 'sha256');
    return performance.now() - begin;
  });
  const [, , median = 0] = rounds.toSorted((a, b) => a - b);
  return Math.max(1, median / expectedMs);
}
