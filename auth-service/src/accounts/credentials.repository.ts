import { newDelivery } from '@polyglot-notes/service-kit';
import { mongo } from 'mongoose';
import type {
  AccountStatus,
  Credential,
  CredentialModel,
  EmailConfirmation,
  PasswordReset,
  Role,
} from './credential.model.ts';

export type { Credential } from './credential.model.ts';

/** An account as user-service decides it; a higher version is a later decision. */
export interface AccountState {
  version: number;
  role: Role;
  status: AccountStatus;
  accessCuts: number;
  sessionCuts: number;
}

const maxTokens = 5;
const usable = { state: 'active', status: 'active' } as const;
const unexpired = (kind: 'passwordResets' | 'emailConfirmations', hash: string, now: Date) => ({
  ...usable,
  [kind]: { $elemMatch: { hash, expiresAt: { $gt: now } } },
});

const isDuplicateKey = (error: unknown) => error instanceof mongo.MongoServerError && error.code === 11_000;

export type CredentialsRepository = ReturnType<typeof credentialsRepository>;

/** The way to the credentials. What it marks is the relay's when `patienceMs` have passed. */
export function credentialsRepository(credentials: CredentialModel, patienceMs: number) {
  /** A new password: ends all tokens for another one, and those that were issued before it. */
  const withPassword = (passwordHash: string) => ({
    $set: { passwordHash, passwordResets: [], delivery: newDelivery(patienceMs) },
    $inc: { passwordCuts: 1, version: 1 },
    $currentDate: { cutAt: true as const },
  });

  /**
   * Keeps a mailed token in the place of the oldest; false when the account cannot be used, or has as many tokens of the
   * kind as it may that still hold: nobody can flood a mailbox, or push out the token that its owner has.
   */
  async function addToken(
    id: string,
    kind: 'passwordResets' | 'emailConfirmations',
    token: PasswordReset | EmailConfirmation,
    now: Date,
  ): Promise<boolean> {
    const { matchedCount } = await credentials.updateOne(
      {
        _id: id,
        ...usable,
        $or: [
          { [`${kind}.${maxTokens - 1}`]: { $exists: false } },
          { [`${kind}.0.expiresAt`]: { $lte: now } },
        ],
      },
      { $push: { [kind]: { $each: [token], $slice: -maxTokens } } },
    );
    return matchedCount === 1;
  }

  return {
    findByEmail: (email: string): Promise<Credential | null> =>
      credentials.findOne({ email }).lean<Credential>().exec(),

    /** The account if it can be used now: registered to the end and not switched off. */
    findUsable: (id: string): Promise<Credential | null> =>
      credentials
        .findOne({ _id: id, ...usable })
        .lean<Credential>()
        .exec(),

    hasActiveAdmin: async (): Promise<boolean> =>
      (await credentials.exists({ ...usable, role: 'admin' })) !== null,

    /** Begins a registration; false when the email is taken. */
    async insert(credential: Credential): Promise<boolean> {
      try {
        await credentials.create({ ...credential, delivery: newDelivery(patienceMs) });
        return true;
      } catch (error) {
        if (isDuplicateKey(error)) return false;
        throw error;
      }
    },

    /** Makes a pending account the caller's to carry on; null when it has changed since it was read. */
    takeOver: ({ _id, version }: Credential): Promise<Credential | null> =>
      credentials
        .findOneAndUpdate(
          { _id, state: 'pending', version },
          { $set: { version: version + 1, delivery: newDelivery(patienceMs) } },
          { returnDocument: 'after' },
        )
        .lean<Credential>()
        .exec(),

    /** Ends a registration if it is still the one that was read. */
    async activate({ _id, version }: Credential): Promise<boolean> {
      const { matchedCount } = await credentials.updateOne(
        { _id, state: 'pending', version },
        { $set: { state: 'active' }, $unset: { delivery: 1 } },
      );
      return matchedCount === 1;
    },

    /** Gives a registration up if it is still the one that was read. */
    async withdraw({ _id, version }: Credential): Promise<boolean> {
      const { matchedCount } = await credentials.updateOne(
        { _id, state: 'pending', version },
        { $set: { state: 'withdrawing', delivery: newDelivery(patienceMs) } },
      );
      return matchedCount === 1;
    },

    async removeWithdrawn(id: string): Promise<void> {
      await credentials.deleteOne({ _id: id, state: 'withdrawing' });
    },

    addPasswordReset: (id: string, reset: PasswordReset, now: Date) =>
      addToken(id, 'passwordResets', reset, now),

    addEmailConfirmation: (id: string, confirmation: EmailConfirmation, now: Date) =>
      addToken(id, 'emailConfirmations', confirmation, now),

    findByPasswordReset: (hash: string, now: Date): Promise<Credential | null> =>
      credentials
        .findOne(unexpired('passwordResets', hash, now))
        .lean<Credential>()
        .exec(),

    findByEmailConfirmation: (hash: string, now: Date): Promise<Credential | null> =>
      credentials
        .findOne(unexpired('emailConfirmations', hash, now))
        .lean<Credential>()
        .exec(),

    /**
     * Makes the email of a token that still holds the account's, as one that is verified, and ends the tokens that were
     * mailed; null if it does not hold, `email_taken` if the email is another's by now.
     */
    async confirmEmail(hash: string, email: string, now: Date): Promise<Credential | null | 'email_taken'> {
      try {
        return await credentials
          .findOneAndUpdate(
            unexpired('emailConfirmations', hash, now),
            {
              $set: {
                email,
                emailVerified: true,
                emailConfirmations: [],
                passwordResets: [],
                delivery: newDelivery(patienceMs),
              },
              $inc: { version: 1 },
            },
            { returnDocument: 'after' },
          )
          .lean<Credential>()
          .exec();
      } catch (error) {
        if (isDuplicateKey(error)) return 'email_taken';
        throw error;
      }
    },

    /** Sets the password, if this token for a new one still holds; null if it does not. */
    resetPassword: (hash: string, now: Date, passwordHash: string): Promise<Credential | null> =>
      credentials
        .findOneAndUpdate(unexpired('passwordResets', hash, now), withPassword(passwordHash), {
          returnDocument: 'after',
        })
        .lean<Credential>()
        .exec(),

    /** Sets the password; null if it has changed since it was read. */
    changePassword: (
      { _id, passwordHash: current }: Credential,
      passwordHash: string,
    ): Promise<Credential | null> =>
      credentials
        .findOneAndUpdate({ _id, ...usable, passwordHash: current }, withPassword(passwordHash), {
          returnDocument: 'after',
        })
        .lean<Credential>()
        .exec(),

    /** Takes the mark away, unless the credential has changed since. */
    async confirm({ _id, version }: Credential): Promise<void> {
      await credentials.updateOne({ _id, state: 'active', version }, { $unset: { delivery: 1 } });
    },

    /**
     * Follows a decision of user-service unless a later one is followed already, or the account is not registered to the
     * end: then it may yet be withdrawn. The account now; null if there is none.
     */
    async applyState(id: string, state: AccountState): Promise<Credential | null> {
      const { version, role, status, accessCuts, sessionCuts } = state;
      await credentials.updateOne(
        { _id: id, state: 'active', accountVersion: { $lt: version } },
        {
          $set: { role, status, accountVersion: version },
          $max: { accessCuts, sessionCuts },
          $currentDate: { cutAt: true },
        },
      );
      return credentials.findById(id).lean<Credential>().exec();
    },

    /** Those cut off since `cutAt`, in that order, after the one with `id`. */
    cutSince: ({ cutAt, id }: { cutAt: Date; id: string }, limit: number): Promise<Credential[]> =>
      credentials
        .find({ $or: [{ cutAt: { $gt: cutAt } }, { cutAt, _id: { $gt: id } }] })
        .sort({ cutAt: 1, _id: 1 })
        .limit(limit)
        .select(['cutAt', 'accessCuts', 'passwordCuts'])
        .lean<Credential[]>()
        .exec(),

    find: (id: string): Promise<Credential | null> => credentials.findById(id).lean<Credential>().exec(),

    /** All of them by id, those after one. */
    after: (id: string, limit: number): Promise<Credential[]> =>
      credentials
        .find({ _id: { $gt: id } })
        .sort({ _id: 1 })
        .limit(limit)
        .lean<Credential[]>()
        .exec(),

    /** Marks the credential as one that user-service has to hear of again, by a version above the one that it holds. */
    async redeliver({ _id, version }: Credential, above: number): Promise<void> {
      await credentials.updateOne(
        { _id, state: 'active', version },
        { $set: { version: Math.max(version, above) + 1, delivery: newDelivery(0) } },
      );
    },

    exists: async (id: string): Promise<boolean> => (await credentials.exists({ _id: id })) !== null,

    async remove(id: string): Promise<void> {
      await credentials.deleteOne({ _id: id });
    },
  };
}
