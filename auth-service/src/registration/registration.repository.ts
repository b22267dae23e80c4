import { isDuplicateKey } from '@polyglot-notes/mongo-kit';
import { newDelivery } from '@polyglot-notes/service-kit';
import type { Credential, CredentialModel } from '../credentials/credential.model.ts';
import { newEvent, withMailsAndEvents, type Author } from '../credentials/event-intents.ts';
import { newTokenMail } from '../credentials/mail-intents.ts';

const inProgress = ({ _id, profileVersion }: Credential) => ({
  _id,
  state: 'pending' as const,
  profileVersion,
});

interface Options {
  leaseMs: number;
  clock: () => Date;
}

export type RegistrationRepository = ReturnType<typeof createRegistrationRepository>;

/** The writes of a registration. Each is conditional on the registration as it was read, and returns null if it lost. */
export function createRegistrationRepository(credentials: CredentialModel, { leaseMs, clock }: Options) {
  const lease = () => ({ delivery: newDelivery(leaseMs, clock()) });

  const update = (credential: Credential, change: object): Promise<Credential | null> =>
    credentials
      .findOneAndUpdate(inProgress(credential), change, { returnDocument: 'after' })
      .lean<Credential>()
      .exec();

  return {
    /** Null when another credential has the email. */
    async insert(credential: Credential): Promise<Credential | null> {
      const pending = { ...credential, ...lease() };
      try {
        await credentials.create(pending);
        return pending;
      } catch (error) {
        if (isDuplicateKey(error)) return null;
        throw error;
      }
    },

    /** Takes a registration over from the attempt that wrote it. That attempt can no longer end it. */
    resume: (credential: Credential, isConfirmed: boolean) =>
      update(credential, {
        $inc: { profileVersion: 1 },
        $set: { ...lease(), ...(isConfirmed && { emailVerified: true }) },
      }),

    extendLease: (credential: Credential) => update(credential, { $set: lease() }),

    /** Also adds the mail that confirms the email, if there is to be one. */
    activate(credential: Credential, isToConfirm: boolean, author: Author) {
      const { _id: id, email } = credential;
      return update(credential, {
        $set: { state: 'active' },
        $unset: { delivery: 1 },
        ...withMailsAndEvents(isToConfirm ? [newTokenMail('verifyEmail', email, credential, clock())] : [], [
          newEvent('registered', id, author, clock()),
        ]),
      });
    },

    cancel: (credential: Credential) => update(credential, { $set: { state: 'cancelling', ...lease() } }),

    async removeCancelled(id: string): Promise<void> {
      await credentials.deleteOne({ _id: id, state: 'cancelling' });
    },
  };
}
