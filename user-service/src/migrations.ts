import type { Migration } from '@polyglot-notes/mongo-kit';
import { revocationRetentionSeconds } from '@polyglot-notes/service-kit';
import type { mongo } from 'mongoose';
import { gramsOf } from './profiles/search-grams.ts';

const tombstoneSeconds = 30 * 24 * 60 * 60;

/** The migrations of this database, in order. A released migration never changes. */
export const migrations: readonly Migration[] = [
  {
    name: '0001-indexes-and-single-documents',
    async up(db) {
      await db
        .collection('profiles')
        .createIndexes([
          { key: { usernameLower: 1 }, unique: true, sparse: true },
          { key: { usernameLower: 1, _id: 1 } },
          { key: { createdAt: 1, _id: 1 } },
          { key: { email: 1, _id: 1 } },
          { key: { 'delivery.dueAt': 1 }, sparse: true },
          { key: { 'delivery.since': 1, _id: 1 } },
          { key: { absentSince: 1 }, expireAfterSeconds: tombstoneSeconds },
        ]);
      await db
        .collection<{ _id: string }>('activeAdmins')
        .updateOne({ _id: 'admins' }, { $setOnInsert: { ids: [], removed: {} } }, { upsert: true });
      await db
        .collection<{ _id: string }>('reconciliations')
        .updateOne(
          { _id: 'latest' },
          { $setOnInsert: { begunAt: new Date(0), endedAt: null, counts: {} } },
          { upsert: true },
        );
    },
  },
  {
    name: '0002-ended-sessions',
    async up(db) {
      await db
        .collection('endedSessions')
        .createIndexes([{ key: { endedAt: 1 }, expireAfterSeconds: revocationRetentionSeconds }]);
    },
  },
  {
    name: '0003-search-and-filters-of-accounts',
    async up(db) {
      const profiles = db.collection<StoredProfile>('profiles');
      await fillGrams(profiles);
      await profiles.createIndexes([
        { key: { emailGrams: 1 } },
        { key: { usernameGrams: 1 } },
        { key: { state: 1, createdAt: 1, _id: 1 } },
        { key: { role: 1, createdAt: 1, _id: 1 } },
        { key: { status: 1, createdAt: 1, _id: 1 } },
      ]);
      const replaced = 'createdAt_1__id_1';
      if (await profiles.indexExists(replaced)) await profiles.dropIndex(replaced);
    },
  },
];

interface StoredProfile {
  _id: string;
  email: string;
  usernameLower: string;
}

async function fillGrams(profiles: mongo.Collection<StoredProfile>): Promise<void> {
  let after = '';
  for (;;) {
    const page = await profiles
      .find({ _id: { $gt: after }, state: 'present' })
      .project<StoredProfile>({ email: 1, usernameLower: 1 })
      .sort({ _id: 1 })
      .limit(1_000)
      .toArray();
    const last = page.at(-1);
    if (last === undefined) return;
    // A value that has changed meanwhile has its grams.
    const updates = page.flatMap(({ _id, email, usernameLower }) => [
      { updateOne: { filter: { _id, email }, update: { $set: { emailGrams: gramsOf(email) } } } },
      {
        updateOne: {
          filter: { _id, usernameLower },
          update: { $set: { usernameGrams: gramsOf(usernameLower) } },
        },
      },
    ]);
    await profiles.bulkWrite(updates, { ordered: false });
    after = last._id;
  }
}
