import { newDelivery } from '@polyglot-notes/service-kit';
import type { Credential, CredentialModel } from '../credentials/credential.model.ts';
import { newEvent, withEvents, type Author } from '../credentials/event-intents.ts';
import { usable } from '../credentials/credentials.repository.ts';

export type LogoutRepository = ReturnType<typeof createLogoutRepository>;

export const createLogoutRepository = (
  credentials: CredentialModel,
  { leaseMs, clock }: { leaseMs: number; clock: () => Date },
) => ({
  /** Ends all sessions of an account and revokes all access tokens. Null when the account cannot be used. */
  endAll: (id: string, author: Author): Promise<Credential | null> =>
    credentials
      .findOneAndUpdate(
        { _id: id, ...usable },
        {
          $inc: { logoutsOfAll: 1, profileVersion: 1 },
          $set: { delivery: newDelivery(leaseMs, clock()) },
          $currentDate: { revokedAt: true },
          ...withEvents([newEvent('sessions_ended', id, author, clock())]),
        },
        { returnDocument: 'after' },
      )
      .lean<Credential>()
      .exec(),
});
