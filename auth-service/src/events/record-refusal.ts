import { Problem, type Metrics } from '@polyglot-notes/service-kit';
import type { Credential } from '../credentials/credential.model.ts';
import type { ErasuresRepository } from '../credentials/erasures.repository.ts';
import { newEvent, system, type Author, type EventType } from '../credentials/event-intents.ts';
import { accountDeactivated, emailNotVerified, invalidCredentials } from '../credentials/problems.ts';
import { loginLocked } from '../login-locks/login-locks.ts';
import type { EventsRepository } from './events.repository.ts';

interface Dependencies {
  events: Pick<EventsRepository, 'insert' | 'forget'>;
  erasures: Pick<ErasuresRepository, 'has'>;
  metrics: Metrics;
  clock: () => Date;
}

const types = ['login_failed', 'password_refused'] as const satisfies EventType[];

interface Attempt {
  type: (typeof types)[number];
  account: Pick<Credential, '_id' | 'state'> | null;
  author: Author;
}

const refusals = new Set([invalidCredentials, loginLocked, accountDeactivated, emailNotVerified]);

export type RecordRefusal = ReturnType<typeof createRecordRefusal>;

/**
 * Runs the check of a password. When it throws a refusal, counts it and adds an event. Without an account, the event takes
 * the same time and contains nothing about the caller: nobody could have it erased.
 */
export function createRecordRefusal({ events, erasures, metrics, clock }: Dependencies) {
  const count = metrics.counter({
    name: 'password_refusals_total',
    help: 'Refused logins and refused current passwords, by reason',
    labelNames: ['type', 'reason'],
    initial: types.flatMap((type) => [...refusals].map(({ code }) => ({ type, reason: code }))),
  });

  async function record({ type, account, author }: Attempt, reason: string): Promise<void> {
    count({ type, reason });
    const userId = account?.state === 'active' ? account._id : null;
    await events.insert(newEvent(type, userId, userId === null ? system : author, clock(), { reason }));
    // An erasure in between has not seen the event.
    if (await erasures.has(userId ?? '')) await events.forget(userId ?? '');
  }

  return async <Result>(attempt: Attempt, check: () => Promise<Result>): Promise<Result> => {
    try {
      return await check();
    } catch (error) {
      if (error instanceof Problem && refusals.has(error.type)) await record(attempt, error.type.code);
      throw error;
    }
  };
}
