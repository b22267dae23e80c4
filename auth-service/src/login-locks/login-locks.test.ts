import { describe, expect, test } from '@jest/globals';
import { createLogger } from '@polyglot-notes/service-kit';
import { createLockKeys } from './lock-keys.ts';
import { lockRules } from './lock-rules.ts';
import { createLoginLocks } from './login-locks.ts';

/** Locks whose counters answer with `counted`, and a login whose password check ends with `check`. */
function loginWith(
  counted: () => Promise<object>,
  check: () => Promise<boolean>,
  takenBack?: () => Promise<void>,
) {
  const calls: string[] = [];
  const record = (call: string) => async () => void calls.push(call);
  const locks = createLoginLocks({
    loginCounters: {
      count: counted as never,
      async takeBack() {
        calls.push('takeBack');
        await takenBack?.();
      },
      remove: record('remove'),
      removeAllOf: record('removeAllOf'),
    },
    knownDevices: { has: () => Promise.resolve(false) },
    lockKeys: createLockKeys(Buffer.alloc(32)),
    rules: lockRules({ account: 10, network: 0 }),
    hold: async () => {},
    onLock: () => {},
    clock: () => new Date(0),
    log: createLogger('test', 'silent'),
  });
  const login = { email: 'a@example.com', account: null, address: '192.0.2.1' };
  const checked = () => {
    calls.push('check');
    return check();
  };
  return { calls, attempt: () => locks.guardLogin(login, checked) };
}

const counted = { isCounted: true, failures: 1, lockedUntil: null };
const unavailable = new Error('the database cannot be reached');

describe('the guard of a login', () => {
  test('does not check the password of a locked email', async () => {
    const locked = { isCounted: false, failures: 10, lockedUntil: new Date(1_001) };
    const { attempt, calls } = loginWith(
      async () => locked,
      async () => true,
    );
    await expect(attempt()).rejects.toMatchObject({
      type: { code: 'login_locked' },
      headers: { 'Retry-After': '2' },
    });
    expect(calls).toEqual([]);
  });

  test('does not check the password when the attempt cannot be counted', async () => {
    const { attempt, calls } = loginWith(
      () => Promise.reject(unavailable),
      async () => true,
    );
    await expect(attempt()).rejects.toBe(unavailable);
    expect(calls).toEqual([]);
  });

  test('does not count an attempt whose password was not checked', async () => {
    const { attempt, calls } = loginWith(
      async () => counted,
      () => Promise.reject(unavailable),
    );
    await expect(attempt()).rejects.toBe(unavailable);
    expect(calls).toEqual(['check', 'takeBack']);
  });

  test('keeps the fault of the check when the attempt cannot be taken back', async () => {
    const { attempt } = loginWith(
      async () => counted,
      () => Promise.reject(unavailable),
      () => Promise.reject(new Error('another fault')),
    );
    await expect(attempt()).rejects.toBe(unavailable);
  });
});
