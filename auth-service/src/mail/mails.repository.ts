import { randomUUID } from 'node:crypto';
import type { Outbox } from '@polyglot-notes/service-kit';
import type { Connection } from 'mongoose';
import { collectionName as credentials, type Credential } from '../credentials/credential.model.ts';
import { collectionName as erasures } from '../credentials/erasures.repository.ts';
import { usable } from '../credentials/credentials.repository.ts';
import { withNewestToken, type MailedToken, type MailedTokenField } from '../credentials/mailed-tokens.ts';
import type { MailIntent } from '../credentials/mail-intents.ts';

/** A document with mails: a credential or a tombstone. */
interface Owner {
  _id: string;
  mails?: MailIntent[];
}

type Owners = ReturnType<typeof ownersIn>;

/** A mail that this process has claimed, with the document that contains it. */
export interface ClaimedMail {
  _id: string;
  delivery: MailIntent & { claim: string };
  collection: string;
  /** The account as it was claimed, or the tombstone of an erased account. */
  owner: Owner & Partial<Credential>;
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

export type MailsRepository = ReturnType<typeof createMailsRepository>;

/** The mails in the documents of accounts and of erased accounts: for the worker that sends them, and for admins. */
export function createMailsRepository(db: Connection, { clock }: { clock: () => Date }) {
  const collections = [credentials, erasures].map((name) => ownersIn(db, name));
  const collectionOf = ({ collection }: ClaimedMail) => ownersIn(db, collection);

  let isReversed = false;

  const outbox: Outbox<ClaimedMail> = {
    async claim(now, until) {
      // First attempts before repeats, and each collection before the other in turn.
      isReversed = !isReversed;
      const inTurn = isReversed ? collections.toReversed() : collections;
      for (const which of [firstAttempts, anyAttempts])
        for (const collection of inTurn) {
          const claimed = await claimFrom(collection, which, now, until);
          if (claimed !== null) return claimed;
        }
      return null;
    },

    async postpone(mail, dueAt, fault) {
      // An erased person leaves no address behind.
      const isLast = dueAt === null && mail.collection === erasures;
      const { matchedCount } = await collectionOf(mail).updateOne(
        ofClaimed(mail),
        isLast
          ? { $pull: { mails: { id: mail._id } } }
          : { ...withoutClaim(dueAt, fault), $inc: { 'mails.$.attempts': 1 } },
      );
      return matchedCount === 1;
    },
  };

  return { ...outbox, ...createClaimedMails(collectionOf), ...createMailList(db, collections, clock) };
}

const firstAttempts = { attempts: 0 };
const anyAttempts = {};

async function claimFrom(
  collection: Owners,
  which: typeof firstAttempts | typeof anyAttempts,
  now: Date,
  until: Date,
): Promise<ClaimedMail | null> {
  const claim = randomUUID();
  const owner = await collection.findOneAndUpdate(
    { mails: { $elemMatch: { ...which, dueAt: { $lte: now } } } },
    { $set: { 'mails.$.dueAt': until, 'mails.$.claim': claim } },
    // Without a sort, which would read all due mails: the index on due times has them in this order.
    { returnDocument: 'after' },
  );
  const delivery = owner?.mails?.find((mail) => mail.claim === claim);
  if (owner === null || delivery === undefined) return null;
  const { collectionName } = collection;
  return { _id: delivery.id, delivery: { ...delivery, claim }, collection: collectionName, owner };
}

const ofClaimed = ({ _id: id, owner, delivery: { claim } }: ClaimedMail) => ({
  _id: owner._id,
  mails: { $elemMatch: { id, claim } },
});

const withoutClaim = (dueAt: Date | null, fault: string) => ({
  $set: { 'mails.$.dueAt': dueAt, 'mails.$.fault': fault },
  $unset: { 'mails.$.claim': 1 as const },
});

/** The mails of a document, with a longer claim for one of them. */
function withClaimUntil(until: Date, { delivery: { claim } }: ClaimedMail) {
  const isClaimed = { $eq: ['$$this.claim', { $literal: claim }] };
  const renewed = { $mergeObjects: ['$$this', { dueAt: until }] };
  return { mails: { $map: { input: '$mails', in: { $cond: [isClaimed, renewed, '$$this'] } } } };
}

function createClaimedMails(collectionOf: (mail: ClaimedMail) => Owners) {
  return {
    /**
     * Renews the claim of a mail that is sent next, and stores its token. False when the mail is no longer claimed, or its
     * account has changed since.
     */
    async begin(
      mail: ClaimedMail,
      until: Date,
      token?: { field: MailedTokenField; stored: MailedToken },
    ): Promise<boolean> {
      const { email, sessionRevocations, passwordChanges } = mail.owner;
      const unchanged = token && { ...usable, email, sessionRevocations, passwordChanges };
      const { matchedCount } = await collectionOf(mail).updateOne({ ...unchanged, ...ofClaimed(mail) }, [
        {
          $set: {
            ...withClaimUntil(until, mail),
            ...(token && withNewestToken(token.field, token.stored)),
          },
        },
      ]);
      return matchedCount === 1;
    },

    /** Postpones a claimed mail without an attempt. */
    async defer(mail: ClaimedMail, dueAt: Date, fault: string): Promise<void> {
      await collectionOf(mail).updateOne(ofClaimed(mail), withoutClaim(dueAt, fault));
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

const ownersIn = (db: Connection, collection: string) => db.collection<Owner>(collection);

function createMailList(db: Connection, collections: Owners[], clock: () => Date) {
  const list = (...stages: object[]) =>
    ownersIn(db, credentials).aggregate([
      { $match: pending },
      { $project: { mails: 1 } },
      { $unionWith: { coll: erasures, pipeline: [{ $match: pending }, { $project: { mails: 1 } }] } },
      { $unwind: '$mails' },
      ...stages,
    ]);

  /** One page, the oldest first. `isParked` limits it to parked mails, or to those that are not parked. */
  async function page(
    isParked: boolean | undefined,
    { after, offset, limit }: Window,
  ): Promise<ListedMail[]> {
    const found = await list(
      { $match: { ...parkedOrNot(isParked), ...afterPosition(after) } },
      { $sort: { 'mails.since': 1, 'mails.id': 1 } },
      { $skip: offset },
      { $limit: limit },
    ).toArray();
    return found.map(({ _id, mails }) => ({ ...mails, userId: _id }) as ListedMail);
  }

  return {
    page,

    async count(isParked: boolean | undefined): Promise<number> {
      const [counted] = await list({ $match: parkedOrNot(isParked) }, { $count: 'mails' }).toArray();
      return counted?.['mails'] ?? 0;
    },

    /** The time of the oldest one; undefined when there is none. */
    async oldest(isParked: boolean | undefined): Promise<Date | undefined> {
      const [oldest] = await page(isParked, { after: undefined, offset: 0, limit: 1 });
      return oldest?.since;
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
