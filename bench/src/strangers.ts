// npm run bench -- strangers: measures whether times reveal which emails have accounts. See ../README.md.
import assert from 'node:assert/strict';
import mongoose from 'mongoose';
import { startTestSystem, stopTestDatabases, testDatabases } from '@polyglot-notes/local-stack/testing';
import { createPasswordHasher } from '../../auth-service/src/passwords/password-hasher.ts';
import { percentile } from './measuring/percentile.ts';
import { rankTest } from './rank-test.ts';
import { send } from './requests.ts';
import { seedAccounts } from './accounts/seed.ts';

const rounds = 1_000;
const warmUp = 100;
const significance = 0.01;

const calls = {
  login: { status: 401, bodyOf: (email: string) => ({ email, password: 'wrong horse battery' }) },
  'forgot-password': { status: 202, bodyOf: (email: string) => ({ email }) },
} as const;
type Call = keyof typeof calls;

interface Probe {
  call: Call;
  email: string;
  isKnown: boolean;
}

/** A random order, so that the work which a request leaves behind slows down every kind of request alike. */
function shuffled<Item>(items: Item[]): Item[] {
  for (let index = items.length - 1; index > 0; index--) {
    const other = Math.floor(Math.random() * (index + 1));
    [items[index], items[other]] = [items[other]!, items[index]!];
  }
  return items;
}

const probesOf = (known: string[]): Probe[] =>
  shuffled(
    (Object.keys(calls) as Call[]).flatMap((call) =>
      known.flatMap((email) => [
        { call, email, isKnown: true },
        // Of the same length.
        { call, email: email.replace('user', 'none'), isKnown: false },
      ]),
    ),
  );

async function measure(service: string, probes: Probe[]) {
  const took = { login: [[], []], 'forgot-password': [[], []] } as Record<Call, [number[], number[]]>;
  for (const { call, email, isKnown } of probes) {
    const { status, bodyOf } = calls[call];
    const answer = await send(`${service}/api/auth/${call}`, { method: 'POST', body: bodyOf(email) });
    assert.equal(answer.status, status, `${call} was answered with another status`);
    took[call][isKnown ? 0 : 1].push(answer.answeredAt - answer.sentAt);
  }
  return took;
}

function report(call: Call, [known, unknown]: [number[], number[]]): void {
  const { u, z, p } = rankTest(known, unknown);
  const medians = [known, unknown].map((times) => percentile(times, 0.5).toFixed(2)).join(' / ');
  const isDistinct = p <= significance;
  console.log(
    `${call.padEnd(16)} p50 of known / unknown ${medians} ms   U ${u}   z ${z.toFixed(2)}   p ${p.toFixed(4)}` +
      (isDistinct ? '   FAULT: the times differ' : ''),
  );
  if (isDistinct) process.exitCode = 1;
}

async function seed(system: Awaited<ReturnType<typeof startTestSystem>>): Promise<string[]> {
  const hasher = await createPasswordHasher(4);
  const passwordHash = await hasher.hash('correct horse battery');
  await hasher.close();
  const db = await mongoose.createConnection(system.mongo.url, { dbName: system.mongo.auth }).asPromise();
  const users = await seedAccounts(
    { auth: db.db! },
    {
      accounts: rounds + warmUp,
      sessions: 1,
      ended: 0,
      samples: rounds + warmUp,
      passwordHash,
    },
  );
  await db.close();
  return users.map(({ email }) => email);
}

try {
  const system = await startTestSystem(await testDatabases(), {
    LOGIN_NETWORK_LOCK_MAX: '0',
    ...(!process.argv.includes('--locks') && { LOGIN_LOCK_MAX: '0' }),
  });
  try {
    for (const service of ['gateway', 'notes-service', 'user-service'] as const) await system.stop(service);
    const emails = await seed(system);
    await measure(system.urls['auth-service'], probesOf(emails.slice(0, warmUp)));
    const took = await measure(system.urls['auth-service'], probesOf(emails.slice(warmUp)));
    for (const call of Object.keys(calls) as Call[]) report(call, took[call]);
  } finally {
    await system.close();
  }
} finally {
  await stopTestDatabases();
}
