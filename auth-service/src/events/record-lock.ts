import type { BackgroundWork } from '@polyglot-notes/service-kit';
import { newEvent, system } from '../credentials/event-intents.ts';
import type { Lock } from '../login-locks/login-locks.ts';
import type { EventsRepository } from './events.repository.ts';

interface Dependencies {
  events: Pick<EventsRepository, 'insert'>;
  background: BackgroundWork;
  clock: () => Date;
}

/** Adds an event about a lock that begins, after the answer to the failure that began it. */
export const createRecordLock =
  ({ events, background, clock }: Dependencies) =>
  ({ kind, account }: Pick<Lock, 'kind' | 'account'>): void => {
    const userId = account?.state === 'active' ? account._id : null;
    const event = newEvent('login_locked', userId, system, clock(), { reason: kind });
    background.run('the event of a lock could not be recorded', () => events.insert(event));
  };
