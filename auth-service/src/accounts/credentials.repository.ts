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
import { comesAfter, type FeedPosition } from './cut-place.ts';

export type { Credential } from './credential.model.ts';

/** An account as user-service decides it; a higher version is a later decision. */
export interface AccountState {
  version: number;
  role: Role;
  status: AccountStatus;
  accessRevocations: number;
  sessionRevocations: number;
}

const maxTokens = 5;
const usable = { state: 'active', status: 'active' } as const;
/** A registration that is not over, if it is still the one that was read. */
const underWay = ({ _id, version }: Credential) => ({ _id, state: 'pending' as const, version });
const holding = (hash: string, now: Date) => ({ $elemMatch: { hash, expiresAt: { $gt: now } } });
const withReset = (hash: string, now: Date) => ({ ...usable, passwordResets: holding(hash, now) });
const withConfirmation = (hash: string, now: Date) => ({
  ...usable,
  $or: [{ emailConfirmations: holding(hash, now) }, { emailChanges: holding(hash, now) }],
});

/** Whatever was mailed to whoever had the account does not count any more. */
const noTokens = { passwordResets: [], emailConfirmations: [], emailChanges: [] };

export type TokenKind = keyof typeof noTokens;

const isDuplicateKey = (error: unknown) => error instanceof mongo.MongoServerError && error.code === 11_000;

export type CredentialsRepository = ReturnType<typeof credentialsRepository>;

/** The way to the credentials. What it marks is the relay's when `leaseMs` have passed. */
export function credentialsRepository(credentials: CredentialModel, leaseMs: number) {
  /** A new password: ends all tokens that were mailed, and those that were issued before it. */
  const withPassword = (passwordHash: string) => ({
    $set: { passwordHash, ...noTokens, delivery: newDelivery(leaseMs) },
    $inc: { passwordChanges: 1, version: 1 },
    $currentDate: { revokedAt: true as const },
  });

  /**
   * Keeps a mailed token in the place of the oldest, if the credential is still the one that was read; false if not, or
   * when it cannot be used, or has as many tokens of the kind as it may that still hold: nobody can flood a mailbox, or
   * push out the token that its owner has.
   */
  async function addToken(
    { _id, version, sessionRevocations }: Credential,
    kind: TokenKind,
    token: PasswordReset | EmailConfirmation,
    now: Date,
  ): Promise<boolean> {
    const { matchedCount } = await credentials.updateOne(
      {
        _id,
        version,
        sessionRevocations,
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
        await credentials.create({ ...credential, delivery: newDelivery(leaseMs) });
        return true;
      } catch (error) {
        if (isDuplicateKey(error)) return false;
        throw error;
      }
    },

    /** Makes a pending account the caller's to carry on; null when it has changed since it was read. */
    takeOver: (credential: Credential): Promise<Credential | null> =>
      credentials
        .findOneAndUpdate(
          underWay(credential),
          { $set: { version: credential.version + 1, delivery: newDelivery(leaseMs) } },
          { returnDocument: 'after' },
        )
        .lean<Credential>()
        .exec(),

    /** Gives a registration that is under way more time; false if it is not any more. */
    async renew(credential: Credential): Promise<boolean> {
      const { matchedCount } = await credentials.updateOne(underWay(credential), {
        $set: { delivery: newDelivery(leaseMs) },
      });
      return matchedCount === 1;
    },

    /** Ends a registration if it is still the one that was read. */
    async activate(credential: Credential): Promise<boolean> {
      const { matchedCount } = await credentials.updateOne(underWay(credential), {
        $set: { state: 'active' },
        $unset: { delivery: 1 },
      });
      return matchedCount === 1;
    },

    /** Gives a registration up if it is still the one that was read; null if it is not. */
    withdraw: (credential: Credential): Promise<Credential | null> =>
      credentials
        .findOneAndUpdate(
          underWay(credential),
          { $set: { state: 'withdrawing', delivery: newDelivery(leaseMs) } },
          { returnDocument: 'after' },
        )
        .lean<Credential>()
        .exec(),

    async removeWithdrawn(id: string): Promise<void> {
      await credentials.deleteOne({ _id: id, state: 'withdrawing' });
    },

    addPasswordReset: (credential: Credential, reset: PasswordReset, now: Date) =>
      addToken(credential, 'passwordResets', reset, now),

    addEmailConfirmation: (credential: Credential, confirmation: EmailConfirmation, now: Date) =>
      addToken(credential, 'emailConfirmations', confirmation, now),

    addEmailChange: (credential: Credential, change: EmailConfirmation, now: Date) =>
      addToken(credential, 'emailChanges', change, now),

    /** Takes a token back whose mail could not be sent. */
    async removeToken({ _id }: Credential, kind: TokenKind, hash: string): Promise<void> {
      await credentials.updateOne({ _id }, { $pull: { [kind]: { hash } } });
    },

    findByPasswordReset: (hash: string, now: Date): Promise<Credential | null> =>
      credentials.findOne(withReset(hash, now)).lean<Credential>().exec(),

    findByEmailConfirmation: (hash: string, now: Date): Promise<Credential | null> =>
      credentials.findOne(withConfirmation(hash, now)).lean<Credential>().exec(),

    /**
     * Makes the email of a token that still holds the account's, as one that is verified, and ends the tokens that were
     * mailed; null if it does not hold, `email_taken` if the email is another's by now.
     */
    async confirmEmail(hash: string, email: string, now: Date): Promise<Credential | null | 'email_taken'> {
      try {
        return await credentials
          .findOneAndUpdate(
            withConfirmation(hash, now),
            {
              $set: {
                email,
                emailVerified: true,
                ...noTokens,
                delivery: newDelivery(leaseMs),
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
        .findOneAndUpdate(withReset(hash, now), withPassword(passwordHash), {
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
    async confirm({ _id, version, delivery }: Credential): Promise<void> {
      if (delivery === undefined) return;
      await credentials.updateOne(
        { _id, state: 'active', version, 'delivery.id': delivery.id },
        { $unset: { delivery: 1 } },
      );
    },

    /**
     * Follows a decision of user-service unless a later one is followed already, or the account is not registered to the
     * end: then it may yet be withdrawn. The account now; null if there is none.
     */
    async applyState(id: string, state: AccountState): Promise<Credential | null> {
      const { version, role, status, accessRevocations, sessionRevocations } = state;
      const earlier = { _id: id, state: 'active' as const, accountVersion: { $lt: version } };
      const decision = { role, status, accountVersion: version };
      const counts = {
        $max: { accessRevocations, sessionRevocations },
        $currentDate: { revokedAt: true as const },
      };
      await credentials.updateOne(
        { ...earlier, sessionRevocations: { $lt: sessionRevocations } },
        { $set: { ...decision, ...noTokens }, ...counts },
      );
      await credentials.updateOne(earlier, { $set: decision, ...counts });
      return credentials.findById(id).lean<Credential>().exec();
    },

    /** Those cut off after a place in the feed, in its order. */
    revokedAfter: (place: FeedPosition, limit: number): Promise<Credential[]> =>
      credentials
        .find(comesAfter(place))
        .sort({ revokedAt: 1, _id: 1 })
        .limit(limit)
        .select(['revokedAt', 'accessRevocations', 'passwordChanges'])
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

    /** Marks the credential as one that user-service has to hear of by a version above the one that it holds. */
    async redeliver({ _id, version }: Credential, above: number): Promise<boolean> {
      const { matchedCount } = await credentials.updateOne(
        { _id, state: 'active', version },
        { $set: { version: Math.max(version, above) + 1, delivery: newDelivery(0) } },
      );
      return matchedCount === 1;
    },

    exists: async (id: string): Promise<boolean> => (await credentials.exists({ _id: id })) !== null,

    async remove(id: string): Promise<void> {
      await credentials.deleteOne({ _id: id });
    },
  };
}
