import type { Migration } from '@polyglot-notes/mongo-kit';
import { revocationRetentionSeconds } from '@polyglot-notes/service-kit';

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
];
