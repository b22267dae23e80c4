import { newDelivery, retryOnConflict } from '@polyglot-notes/service-kit';
import type { Credential, CredentialModel } from '../credentials/credential.model.ts';
import { withMailsAndEvents } from '../credentials/event-intents.ts';
import { newNotice } from '../credentials/mail-intents.ts';
import { noMailedTokens } from '../credentials/mailed-tokens.ts';
import { eventsOfState } from './account-events.ts';
import type { DeliveredState } from './accounts.schemas.ts';

export type AccountsRepository = ReturnType<typeof createAccountsRepository>;

export const createAccountsRepository = (credentials: CredentialModel, { clock }: { clock: () => Date }) => ({
  /**
   * Applies a state of user-service unless a later one is stored or the registration is not complete. A deactivated user
   * gets a notice. Returns the account after the update, or null when there is none.
   */
  applyState: (id: string, state: DeliveredState): Promise<Credential | null> =>
    retryOnConflict(async () => {
      const before = await credentials.findById(id).lean<Credential>().exec();
      if (before?.state !== 'active' || before.accountVersion >= state.accountVersion)
        return { account: before };
      const account = await credentials
        .findOneAndUpdate(asRead(before), withState(before, state, clock()), { returnDocument: 'after' })
        .lean<Credential>()
        .exec();
      return account === null ? undefined : { account };
    }).then(({ account }) => account),

  /** Raises the profile version above `above` and makes the delivery to user-service due now. */
  async redeliver({ _id, profileVersion }: Credential, above: number): Promise<void> {
    const raised = Math.max(profileVersion, above) + 1;
    await credentials.updateOne(
      { _id, state: 'active', profileVersion },
      { $set: { profileVersion: raised, delivery: newDelivery(0, clock()) } },
    );
  },

  /** False while it has events that are not in the audit trail yet. */
  async remove(id: string): Promise<boolean> {
    await credentials.deleteOne({ _id: id, 'events.0': { $exists: false } });
    return (await credentials.exists({ _id: id })) === null;
  },
});

const asRead = ({ _id, email, status, accountVersion, sessionRevocations }: Credential) => ({
  _id,
  state: 'active' as const,
  email,
  status,
  accountVersion,
  sessionRevocations,
});

function withState(before: Credential, { events, ...state }: DeliveredState, now: Date) {
  const { accountVersion, role, status, accessRevocations, sessionRevocations } = state;
  const isDeactivated = before.status === 'active' && status === 'deactivated';
  return {
    $set: {
      role,
      status,
      accountVersion,
      ...(before.sessionRevocations < sessionRevocations && noMailedTokens),
    },
    $max: { accessRevocations, sessionRevocations },
    $currentDate: { revokedAt: true as const },
    ...withMailsAndEvents(
      isDeactivated ? [newNotice('accountDeactivated', before, now)] : [],
      eventsOfState(before, state, events, now),
    ),
  };
}
