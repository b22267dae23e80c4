import type { Migration } from '@polyglot-notes/mongo-kit';

const tombstoneSeconds = 30 * 24 * 60 * 60;

/** The migrations of this database, in order. A released migration never changes. */
export const migrations: readonly Migration[] = [
  {
    name: '0001-indexes',
    async up(db) {
      await db
        .collection('credentials')
        .createIndexes([
          { key: { email: 1 }, unique: true },
          { key: { 'passwordResets.hash': 1 }, sparse: true },
          { key: { 'emailConfirmations.hash': 1 }, sparse: true },
          { key: { 'emailChanges.hash': 1 }, sparse: true },
          { key: { revokedAt: 1, _id: 1 } },
          { key: { 'delivery.dueAt': 1 }, sparse: true },
          { key: { 'delivery.since': 1, _id: 1 } },
        ]);
      await db
        .collection('erasures')
        .createIndexes([
          { key: { revokedAt: 1, _id: 1 } },
          { key: { erasedAt: 1 }, expireAfterSeconds: tombstoneSeconds },
        ]);
      await db.collection('signingKeys').createIndexes([{ key: { sequence: 1 }, unique: true }]);
    },
  },
  {
    name: '0002-mail-recipients',
    async up(db) {
      await db.collection('mailRecipients').createIndexes([{ key: { expiresAt: 1 }, expireAfterSeconds: 0 }]);
    },
  },
  {
    name: '0003-sessions',
    async up(db) {
      await db
        .collection('sessions')
        .createIndexes([
          { key: { locatorHash: 1 }, unique: true },
          { key: { userId: 1 } },
          { key: { revokedAt: 1, _id: 1 } },
          { key: { expiresAt: 1 }, expireAfterSeconds: 0 },
        ]);
    },
  },
  {
    name: '0004-signing-times',
    async up(db) {
      await db
        .collection('signingKeys')
        .updateMany({ signsFrom: { $exists: false } }, [{ $set: { signsFrom: '$createdAt' } }]);
    },
  },
  {
    name: '0005-mails',
    async up(db) {
      for (const name of ['credentials', 'erasures'])
        await db.collection(name).createIndexes([
          { key: { 'mails.dueAt': 1 }, sparse: true },
          { key: { 'mails.attempts': 1, 'mails.dueAt': 1 }, sparse: true },
          { key: { 'mails.id': 1 }, sparse: true },
          { key: { 'mails.since': 1 }, sparse: true },
        ]);
    },
  },
  {
    name: '0006-login-locks',
    async up(db) {
      await db.collection('loginCounters').createIndexes([
        { key: { expiresAt: 1 }, expireAfterSeconds: 0 },
        { key: { userId: 1 }, sparse: true },
      ]);
      await db
        .collection('knownDevices')
        .createIndexes([
          { key: { expiresAt: 1 }, expireAfterSeconds: 0 },
          { key: { userId: 1, expiresAt: -1 } },
        ]);
    },
  },
  {
    name: '0007-audit-trail',
    async up(db) {
      for (const name of ['credentials', 'sessions', 'erasures'])
        await db.collection(name).createIndexes([{ key: { 'events.at': 1 }, sparse: true }]);
      await db
        .collection('events')
        .createIndexes([
          { key: { at: 1, _id: 1 } },
          { key: { type: 1, at: 1, _id: 1 } },
          { key: { userId: 1, at: 1, _id: 1 } },
          { key: { userId: 1, type: 1, at: 1, _id: 1 } },
          { key: { actorId: 1 } },
        ]);
    },
  },
];
