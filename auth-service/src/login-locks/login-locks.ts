import { Problem, problemType, type Logger } from '@polyglot-notes/service-kit';
import type { Credential } from '../credentials/credential.model.ts';
import type { KnownDevices } from './known-devices.ts';
import type { LockKeys } from './lock-keys.ts';
import { holdMs, type LockRule, type LockRules } from './lock-rules.ts';
import type { CounterKey, LoginCounter, LoginCountersRepository } from './login-counters.repository.ts';
import { networkOf } from './network.ts';

export const loginLocked = problemType(
  429,
  'login_locked',
  'Too many wrong passwords: wait, or reset the password by mail',
);

/** What the failures were counted by. */
type LockKind = 'email' | 'device' | 'sessions' | 'network';

export interface Lock {
  kind: LockKind;
  /** Null for a network, and for an email without an account. */
  account: Credential | null;
  /** Whether no lock of the key preceded it in the time that failures are remembered. */
  isFirst: boolean;
}

interface Guard extends CounterKey {
  kind: LockKind;
  rule: LockRule;
  account: Credential | null;
}

interface Login {
  email: string;
  account: Credential | null;
  address: string | null | undefined;
}

type Check = () => Promise<boolean>;

export interface Dependencies {
  loginCounters: LoginCountersRepository;
  knownDevices: Pick<KnownDevices, 'has'>;
  lockKeys: LockKeys;
  rules: LockRules;
  /** Waits for so many milliseconds. */
  hold: (ms: number) => Promise<void>;
  /** Called once for each lock, before the answer to the failure that began it. */
  onLock: (lock: Lock) => void;
  clock: () => Date;
  log: Logger;
}

export type LoginLocks = ReturnType<typeof createLoginLocks>;

/** Locks against guessing of passwords. An attempt is counted before the check, so attempts at once do not exceed the maximum. */
export function createLoginLocks(dependencies: Dependencies) {
  const { loginCounters, knownDevices, lockKeys, rules } = dependencies;
  const guarded = createGuarded(dependencies);

  return {
    /** The result of `check`, which compares the password of a login. Throws `login_locked` instead of calling it. */
    async guardLogin({ email, account, address }: Login, check: Check): Promise<boolean> {
      const network = networkOf(address);
      const isKnown = await knownDevices.has(account, address);
      const subject: Guard =
        isKnown && account !== null
          ? { ...keyOfDevice(account, network), kind: 'device', rule: rules.account, account }
          : { _id: lockKeys.ofEmail(email), kind: 'email', rule: rules.account, account };
      const byNetwork: Guard = {
        _id: lockKeys.ofNetwork(network),
        kind: 'network',
        rule: rules.network,
        account: null,
      };
      // The email first: most attempts of an attack find it locked, and need no other write.
      return guarded(subject, () => guarded(byNetwork, check));
    },

    /** The same for the current password of a user with a session, who is not locked out by logins of strangers. */
    guardSessions: (account: Credential, check: Check): Promise<boolean> => {
      const { _id: userId } = account;
      const _id = lockKeys.ofSessions(userId);
      return guarded({ _id, userId, kind: 'sessions', rule: rules.account, account }, check);
    },

    /** Ends the locks of an account, not those of networks. */
    async clear({ _id, email }: Credential): Promise<void> {
      await Promise.all([loginCounters.remove(lockKeys.ofEmail(email)), loginCounters.removeAllOf(_id)]);
    },
  };

  function keyOfDevice({ _id: userId }: Credential, network: string): CounterKey {
    return { _id: lockKeys.ofDevice(userId, network), userId };
  }
}

function createGuarded({ loginCounters, hold, onLock, clock, log }: Dependencies) {
  async function count(guard: Guard): Promise<LoginCounter> {
    const counter = await loginCounters.count(guard, guard.rule);
    if (counter.isCounted) return counter;
    const leftMs = Number(counter.lockedUntil) - clock().getTime();
    throw new Problem(loginLocked, {
      headers: { 'Retry-After': String(Math.max(1, Math.ceil(leftMs / 1_000))) },
    });
  }

  function announce({ kind, account, rule }: Guard, { failures, lockedUntil }: LoginCounter): void {
    if (lockedUntil === null) return;
    log.warn({ kind, userId: account?._id, failures, lockedUntil }, 'login locked after wrong passwords');
    onLock({ kind, account, isFirst: failures <= rule.max });
  }

  /** A right password forgets all failures, but those of a network are of other people, too. */
  const forget = ({ _id, kind }: Guard) =>
    kind === 'network' ? loginCounters.takeBack(_id) : loginCounters.remove(_id);

  /** Counts an attempt, runs `check`, and uncounts the attempt unless the password was wrong. */
  return async function guarded(guard: Guard, check: Check): Promise<boolean> {
    if (guard.rule.max === 0) return check();
    const counter = await count(guard);
    let isRight: boolean;
    try {
      isRight = await check();
    } catch (error) {
      await loginCounters
        .takeBack(guard._id)
        .catch((err: unknown) => log.error({ err }, 'an attempt to log in stays counted'));
      throw error;
    }
    if (isRight) {
      await forget(guard);
      return true;
    }
    announce(guard, counter);
    if (guard.kind !== 'network') await hold(holdMs(counter.failures, guard.rule));
    return false;
  };
}
