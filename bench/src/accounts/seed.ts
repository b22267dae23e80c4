import { randomUUID } from 'node:crypto';
import { revocationRetentionSeconds } from '@polyglot-notes/service-kit';
import type { mongo } from 'mongoose';
import { accessVersion, type Credential } from '../../../auth-service/src/credentials/credential.model.ts';
import { newCredential } from '../../../auth-service/src/registration/claim-email.ts';
import { firstToken, nextToken, sealSuccessor } from '../../../auth-service/src/sessions/refresh-token.ts';
import type { Session } from '../../../auth-service/src/sessions/session.model.ts';
import { withDerived } from '../../../user-service/src/profiles/usernames.ts';
import type { ProfileDocument } from '../../../user-service/src/profiles/profile.model.ts';

// Each insert needs a second at most, and a batch stays far below the 48 MB of a message.
const batchSize = 2_000;
const batchesAtOnce = 4;
const hourMs = 3_600_000;
const dayMs = 24 * hourMs;
const idleMs = 30 * dayMs;
const endedMs = revocationRetentionSeconds * 1_000;
const userAgents = [
  'Mozilla/5.0 (X11; Linux x86_64; rv:144.0) Gecko/20100101 Firefox/144.0',
  'Mozilla/5.0 (iPhone; CPU iPhone OS 18_6 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.6 Mobile/15E148 Safari/604.1',
  'curl/8.16.0',
];

// One for all, because sealing takes longer than the rest of a session. Nothing here opens it.
const sealedSuccessor = sealSuccessor(firstToken(), firstToken());

type Profile = Omit<ProfileDocument, 'absentSince'>;

interface Options {
  accounts: number;
  /** For each account. */
  sessions: number;
  /** The number of sessions that were ended within the last day, besides those of the accounts. */
  ended: number;
  /** The number of accounts to return, evenly over all. */
  samples: number;
  passwordHash: string;
}

/** A seeded account, and the current refresh token of one of its sessions. */
export interface SeededUser {
  email: string;
  refreshToken: string;
}

/** Fills the database of an auth-service, and that of a user-service if there is one. Returns some of the accounts. */
export async function seedAccounts(
  { auth, user }: { auth: mongo.Db; user?: mongo.Db },
  { accounts, sessions: perAccount, ended, samples, passwordHash }: Options,
): Promise<SeededUser[]> {
  const credentials = createBatch(auth.collection<Credential>('credentials'));
  const sessions = createBatch(auth.collection<Session>('sessions'));
  const profiles = user && createBatch(user.collection<Profile>('profiles'));
  const seeded: SeededUser[] = [];
  for (let number = 0; number < accounts; number++) {
    const account = credentialOf(number, passwordHash);
    await credentials.add(account);
    await profiles?.add(profileOf(number, account));
    const live = Array.from({ length: perAccount }, () => liveSession(account));
    for (const { session } of live) await sessions.add(session);
    if (Math.floor((number * samples) / accounts) === seeded.length)
      seeded.push({ email: account.email, refreshToken: live[number % perAccount]!.refreshToken });
    const endedOfAccount =
      Math.floor(((number + 1) * ended) / accounts) - Math.floor((number * ended) / accounts);
    for (let count = 0; count < endedOfAccount; count++) await sessions.add(endedSession(account));
  }
  await Promise.all([credentials.flush(), sessions.flush(), profiles?.flush()]);
  return seeded;
}

/** Inserts documents in batches, a few of them at a time. */
function createBatch<Item extends Credential | Session | Profile>(collection: mongo.Collection<Item>) {
  let batch: Parameters<typeof collection.insertMany>[0][number][] = [];
  const inserting: Promise<unknown>[] = [];
  async function insert(): Promise<void> {
    if (inserting.length >= batchesAtOnce) await inserting.shift();
    if (batch.length > 0) inserting.push(collection.insertMany(batch, { ordered: false }));
    batch = [];
  }
  return {
    async add(item: (typeof batch)[number]): Promise<void> {
      batch.push(item);
      if (batch.length >= batchSize) await insert();
    },
    async flush(): Promise<void> {
      await insert();
      await Promise.all(inserting);
    },
  };
}

const ago = (ms: number) => new Date(Date.now() - ms);

/** One account of five has changed its password once, more than a day ago. */
function credentialOf(number: number, passwordHash: string): Credential {
  const passwordChanges = number % 5 === 0 ? 1 : 0;
  return {
    ...newCredential(`user-${number}@example.com`, passwordHash, ago(110 * dayMs + number * 1_000)),
    state: 'active',
    emailVerified: true,
    profileVersion: 1 + passwordChanges,
    passwordChanges,
    ...(passwordChanges > 0 && { revokedAt: ago(2 * dayMs + Math.random() * 100 * dayMs) }),
  };
}

/** The profile that user-service has of an account. */
const profileOf = (number: number, account: Credential): Profile => ({
  _id: account._id,
  state: 'present',
  profileVersion: account.profileVersion,
  accessVersion: accessVersion(account),
  ...withDerived({ email: account.email, username: `User_${number}` }),
  usernameLower: `user_${number}`,
  emailVerified: true,
  role: 'user',
  status: 'active',
  accountVersion: 1,
  accessRevocations: 0,
  sessionRevocations: 0,
  deletion: null,
  bio: null,
  avatar: null,
  createdAt: account.createdAt,
  updatedAt: account.createdAt,
});

/** A session with the version of its account, and its current refresh token, which has replaced one other. */
function liveSession(account: Credential) {
  const first = firstToken();
  const current = nextToken(first);
  const lastUsedAt = ago(Math.random() * 20 * dayMs);
  const session: Session = {
    _id: randomUUID(),
    userId: account._id,
    sessionVersion: account.passwordChanges,
    locatorHash: current.locatorHash,
    tokenHash: current.hash,
    spent: [{ hash: first.hash, sealedSuccessor, spentAt: lastUsedAt }],
    userAgent: userAgents[Math.floor(Math.random() * userAgents.length)]!,
    ip: `192.0.2.${Math.floor(Math.random() * 256)}`,
    createdAt: new Date(lastUsedAt.getTime() - Math.random() * 80 * dayMs),
    lastUsedAt,
    expiresAt: new Date(lastUsedAt.getTime() + idleMs),
  };
  return { session, refreshToken: current.text };
}

/** A session that was ended within the last day. */
function endedSession(account: Credential): Session {
  const { userAgent: _userAgent, ip: _ip, ...session } = liveSession(account).session;
  const revokedAt = ago(hourMs + Math.random() * 22 * hourMs);
  return { ...session, spent: [], revokedAt, expiresAt: new Date(revokedAt.getTime() + endedMs) };
}
