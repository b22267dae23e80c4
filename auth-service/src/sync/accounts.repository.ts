import { newDelivery } from '@polyglot-notes/service-kit';
import type { AccountState } from '../credentials/account-state.ts';
import type { Credential, CredentialModel } from '../credentials/credential.model.ts';
import { noMailedTokens } from '../credentials/mailed-tokens.ts';

export type AccountsRepository = ReturnType<typeof createAccountsRepository>;

export const createAccountsRepository = (credentials: CredentialModel, { clock }: { clock: () => Date }) => ({
  /**
   * Applies a state of user-service unless a later one is stored or the registration is not complete. Returns the account
   * after the update, or null when there is none.
   */
  async applyState(id: string, state: AccountState): Promise<Credential | null> {
    const { accountVersion, role, status, accessRevocations, sessionRevocations } = state;
    const earlier = { _id: id, state: 'active' as const, accountVersion: { $lt: accountVersion } };
    const decision = { role, status, accountVersion };
    const counts = {
      $max: { accessRevocations, sessionRevocations },
      $currentDate: { revokedAt: true as const },
    };
    await credentials.updateOne(
      { ...earlier, sessionRevocations: { $lt: sessionRevocations } },
      { $set: { ...decision, ...noMailedTokens }, ...counts },
    );
    await credentials.updateOne(earlier, { $set: decision, ...counts });
    return credentials.findById(id).lean<Credential>().exec();
  },

  /** Raises the profile version above `above` and makes the delivery to user-service due now. */
  async redeliver({ _id, profileVersion }: Credential, above: number): Promise<void> {
    const raised = Math.max(profileVersion, above) + 1;
    await credentials.updateOne(
      { _id, state: 'active', profileVersion },
      { $set: { profileVersion: raised, delivery: newDelivery(0, clock()) } },
    );
  },

  async remove(id: string): Promise<void> {
    await credentials.deleteOne({ _id: id });
  },
});
