import { randomUUID } from 'node:crypto';
import type { Outbox } from '@polyglot-notes/service-kit';
import type { Connection } from 'mongoose';
import { collectionName as credentials, type Credential } from '../credentials/credential.model.ts';
import { collectionName as erasures } from '../credentials/erasures.repository.ts';
import { usable } from '../credentials/credentials.repository.ts';
import { withNewestToken, type MailedTokenField } from '../credentials/mailed-tokens.ts';
import type { MailIntent } from '../credentials/mail-intents.ts';

interface Stored {
  _id: string;
  mails?: MailIntent[];
}

/** A mail that this process has claimed, with the document that contains it. */
export interface ClaimedMail {
  _id: string;
  delivery: MailIntent & { claim: string };
  collection: string;
  /** The account as it was claimed, or the tombstone of an erased account. */
  owner: Stored & Partial<Credential>;
}

/** A mail as admins see it. */
export interface ListedMail extends Pick<
  MailIntent,
  'id' | 'kind' | 'to' | 'since' | 'attempts' | 'dueAt' | 'fault'
> {
  userId: string;
}

interface Window {
  after: { since: Date; id: string } | undefined;
  offset: number;
  limit: number;
}

const pending = { 'mails.since': { $gt: new Date(0) } };

const parkedOrNot = (isParked: boolean | undefined) =>
  isParked === undefined ? {} : { 'mails.dueAt': isParked ? null : { $ne: null } };

const afterPosition = (position: Window['after']) =>
  position === undefined
    ? {}
    : {
        $or: [
          { 'mails.since': { $gt: position.since } },
          { 'mails.since': position.since, 'mails.id': { $gt: position.id } },
        ],
      };

const isClaimed = ({ _id: id, delivery: { claim } }: ClaimedMail) => ({
  mails: { $elemMatch: { id, claim } },
});

export type MailsRepository = ReturnType<typeof createMailsRepository>;

/** The mails in the documents of accounts and of erased accounts: for the worker that sends them, and for admins. */
export function createMailsRepository(db: Connection, { clock }: { clock: () => Date }) {
  const collections = [credentials, erasures].map((name) => db.collection<Stored>(name));
  const collectionOf = ({ collection }: ClaimedMail) => db.collection<Stored>(collection);

  const outbox: Outbox<ClaimedMail> = {
    async claim(now, until) {
      for (const collection of collections) {
        const claim = randomUUID();
        const owner = await collection.findOneAndUpdate(
          { mails: { $elemMatch: { dueAt: { $lte: now } } } },
          { $set: { 'mails.$.dueAt': until, 'mails.$.claim': claim } },
          // In the order of the index, without a sort, which would read all due mails.
          { hint: { 'mails.dueAt': 1 }, returnDocument: 'after' },
        );
        const delivery = owner?.mails?.find((mail) => mail.claim === claim);
        if (owner !== null && delivery !== undefined)
          return {
            _id: delivery.id,
            delivery: { ...delivery, claim },
            collection: collection.collectionName,
            owner,
          };
      }
      return null;
    },

    async postpone(mail, dueAt, fault) {
      // An erased person leaves no address behind.
      const isLast = dueAt === null && mail.collection === erasures;
      const { matchedCount } = await collectionOf(mail).updateOne(
        { _id: mail.owner._id, ...isClaimed(mail) },
        isLast
          ? { $pull: { mails: { id: mail._id } } }
          : {
              $set: { 'mails.$.dueAt': dueAt, 'mails.$.fault': fault },
              $unset: { 'mails.$.claim': 1 },
              $inc: { 'mails.$.attempts': 1 },
            },
      );
      return matchedCount === 1;
    },
  };

  return { ...outbox, ...createClaimedMails(collectionOf), ...createMailList(db, collections, clock) };
}

function createClaimedMails(collectionOf: (mail: ClaimedMail) => ReturnType<typeof ownersOf>) {
  return {
    /** Stores the token of a claimed mail. False when the mail is no longer claimed, or the account has changed. */
    async storeToken(
      mail: ClaimedMail,
      field: MailedTokenField,
      token: { hash: string; expiresAt: Date; email?: string },
    ): Promise<boolean> {
      const { _id, email, sessionRevocations, passwordChanges } = mail.owner;
      const unchanged = { _id, ...usable, email, sessionRevocations, passwordChanges };
      const { matchedCount } = await collectionOf(mail).updateOne(
        { ...unchanged, ...isClaimed(mail) },
        withNewestToken(field, token),
      );
      return matchedCount === 1;
    },

    /** Removes a mail that was sent, with its address, also when another worker has claimed it meanwhile. */
    async remove(mail: ClaimedMail): Promise<void> {
      await collectionOf(mail).updateOne({ _id: mail.owner._id }, { $pull: { mails: { id: mail._id } } });
    },

    /** Removes a mail that is not to be sent, unless another worker has claimed it meanwhile. */
    async removeClaimed(mail: ClaimedMail): Promise<void> {
      const { _id: id, delivery } = mail;
      const claimed = { id, claim: delivery.claim };
      await collectionOf(mail).updateOne({ _id: mail.owner._id }, { $pull: { mails: claimed } });
    },
  };
}

const ownersOf = (db: Connection) => db.collection<Stored>(credentials);

function createMailList(db: Connection, collections: ReturnType<typeof ownersOf>[], clock: () => Date) {
  const list = (...stages: object[]) =>
    ownersOf(db).aggregate([
      { $match: pending },
      { $project: { mails: 1 } },
      { $unionWith: { coll: erasures, pipeline: [{ $match: pending }, { $project: { mails: 1 } }] } },
      { $unwind: '$mails' },
      ...stages,
    ]);

  return {
    /** One page, the oldest first. `isParked` limits it to parked mails, or to those that are not parked. */
    async page(isParked: boolean | undefined, { after, offset, limit }: Window): Promise<ListedMail[]> {
      const found = await list(
        { $match: { ...parkedOrNot(isParked), ...afterPosition(after) } },
        { $sort: { 'mails.since': 1, 'mails.id': 1 } },
        { $skip: offset },
        { $limit: limit },
      ).toArray();
      return found.map(({ _id, mails }) => ({ ...mails, userId: _id }) as ListedMail);
    },

    async count(isParked: boolean | undefined): Promise<number> {
      const [counted] = await list({ $match: parkedOrNot(isParked) }, { $count: 'mails' }).toArray();
      return counted?.['mails'] ?? 0;
    },

    /** Makes a mail due now, unless it is being sent. False when there is no such mail. */
    async release(id: string): Promise<boolean> {
      for (const collection of collections) {
        await collection.updateOne(
          { mails: { $elemMatch: { id, claim: { $exists: false } } } },
          { $set: { 'mails.$.dueAt': clock() } },
        );
        if ((await collection.countDocuments({ 'mails.id': id }, { limit: 1 })) === 1) return true;
      }
      return false;
    },

    /** False when there is no such mail. */
    async drop(id: string): Promise<boolean> {
      for (const collection of collections) {
        const filter = { 'mails.id': id };
        const { matchedCount } = await collection.updateOne(filter, { $pull: { mails: { id } } });
        if (matchedCount === 1) return true;
      }
      return false;
    },
  };
}
