import { Problem, problems, retryOnConflict } from '@polyglot-notes/service-kit';
import { accessVersion, type Credential } from '../credentials/credential.model.ts';
import type { CredentialsRepository } from '../credentials/credentials.repository.ts';
import { newNotice } from '../credentials/mail-intents.ts';
import type { ErasuresRepository } from '../credentials/erasures.repository.ts';
import type { EventsRepository } from '../events/events.repository.ts';
import type { MoveEvents } from '../events/move-events.ts';
import type { KnownDevices } from '../login-locks/known-devices.ts';
import type { LoginLocks } from '../login-locks/login-locks.ts';
import type { SessionsRepository } from '../sessions/sessions.repository.ts';
import { eventsOfErasure } from './account-events.ts';
import type { AccountsRepository } from './accounts.repository.ts';
import type { AccountEvent, DeliveredState } from './accounts.schemas.ts';

const pageSize = 1_000;

export interface Dependencies {
  accounts: AccountsRepository;
  credentials: Pick<CredentialsRepository, 'find' | 'listAfter'>;
  erasures: ErasuresRepository;
  sessions: Pick<SessionsRepository, 'count' | 'removeAll' | 'removeEarlier'>;
  knownDevices: Pick<KnownDevices, 'forgetAll'>;
  loginLocks: Pick<LoginLocks, 'clear'>;
  events: Pick<EventsRepository, 'forget'>;
  moveEvents: MoveEvents;
  deliveries: { release(id: string): Promise<boolean> };
  mailRelay: { wake(): void };
  clock: () => Date;
}

/** What user-service asks about accounts. Each call may be repeated, in any order. */
export const createAccountsService = ({
  accounts,
  credentials,
  erasures,
  sessions,
  knownDevices,
  loginLocks,
  events,
  moveEvents,
  deliveries,
  mailRelay,
  clock,
}: Dependencies) => ({
  async applyState(id: string, state: DeliveredState) {
    const stored = await accounts.applyState(id, state);
    if (stored === null) return { state: 'absent' as const };
    if (stored.state !== 'active') return { state: 'pending' as const };
    mailRelay.wake();
    await sessions.removeEarlier(stored);
    return { ...stored, state: 'present' as const, accessVersion: accessVersion(stored) };
  },

  /** Erases an account and leaves a tombstone. A repeat returns the first receipt. */
  async erase(id: string, given: AccountEvent[] = []) {
    const account = await credentials.find(id);
    const erasure = await erasures.record({
      _id: id,
      credentials: account === null ? 0 : 1,
      sessions: account === null ? 0 : await sessions.count(account),
      erasedAt: clock(),
      mails: account?.state === 'active' ? [newNotice('accountErased', account, clock())] : [],
      events: eventsOfErasure(id, given, clock()),
    });
    if (account !== null) await loginLocks.clear(account);
    await knownDevices.forgetAll(id);
    // From here on, events of the account arrive without personal data.
    await retryOnConflict(async () => {
      await moveEvents();
      return (await accounts.remove(id)) || undefined;
    });
    await events.forget(id);
    mailRelay.wake();
    await sessions.removeAll(id);
    return { credentials: erasure.credentials, sessions: erasure.sessions ?? 0 };
  },

  async list(after: string) {
    const found = await credentials.listAfter(after, pageSize);
    return { items: found.map(asSnapshot) };
  },

  async snapshot(id: string) {
    const found = await credentials.find(id);
    if (found !== null) return asSnapshot(found);
    return { id, state: (await erasures.has(id)) ? ('erased' as const) : ('absent' as const) };
  },

  /** Delivers an account to user-service again, with a version above `above`. */
  async redeliver(id: string, above: number) {
    const found = await credentials.find(id);
    if (found === null) throw new Problem(problems.notFound);
    if (found.state === 'active') await accounts.redeliver(found, above);
    else await deliveries.release(id);
    return { id };
  },
});

const asSnapshot = ({ delivery, ...credential }: Credential) => ({
  ...credential,
  id: credential._id,
  accessVersion: accessVersion(credential),
  delivery: delivery ? { since: delivery.since.toISOString(), isParked: delivery.dueAt === null } : null,
});
