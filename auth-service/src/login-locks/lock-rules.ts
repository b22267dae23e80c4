const minuteMs = 60_000;
const hourMs = 60 * minuteMs;

export interface LockRule {
  /** The failures that a lock begins with. 0: there are no locks. */
  max: number;
  /** How long failures are remembered. */
  memoryMs: number;
  /** The failure from which `memoryMs` counts. */
  since: 'first' | 'last';
}

export interface LockRules {
  /** Of an email, a known device, or the sessions of an account. */
  account: LockRule;
  network: LockRule;
}

export const lockRules = (maxima: { account: number; network: number }): LockRules => ({
  account: { max: maxima.account, memoryMs: 24 * hourMs, since: 'last' },
  network: { max: maxima.network, memoryMs: hourMs, since: 'first' },
});

export const firstLockMs = minuteMs;
export const longestLockMs = 5 * minuteMs;

const firstHoldMs = 100;
const longestHoldMs = 2_000;

/** How long the answer to a failure is held: from half of the maximum on, twice as long each time. */
export function holdMs(failures: number, { max }: Pick<LockRule, 'max'>): number {
  const beyond = failures - Math.ceil(max / 2);
  return beyond < 0 ? 0 : Math.min(longestHoldMs, firstHoldMs * 2 ** beyond);
}
