import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { migrate } from '@polyglot-notes/mongo-kit';
import { randomNumbers } from '@polyglot-notes/service-kit/testing';
import { createConnection, type Connection, type mongo } from 'mongoose';
import { createAccountListRepository } from '../src/accounts/account-list.repository.ts';
import { createAccountsRepository } from '../src/accounts/accounts.repository.ts';
import { migrations } from '../src/migrations.ts';
import { createProfileModel, type ProfileDocument } from '../src/profiles/profile.model.ts';
import { createProfilesRepository } from '../src/profiles/profiles.repository.ts';

const random = randomNumbers(17);
const letters = ['a', 'b', 'A', '.', '-', 'é', 'ß', '😀', '中', '+'];
const textOf = (length: number) =>
  Array.from({ length }, () => letters[Math.floor(random() * letters.length)]).join('');

const author = { actorId: null, address: null, userAgent: null };
const window = { after: undefined, offset: 0, limit: 5_000 };
const all = { search: undefined, role: undefined, status: undefined };

let db: Connection;
let profiles: ReturnType<typeof createProfilesRepository>;
let accounts: ReturnType<typeof createAccountsRepository>;
let list: ReturnType<typeof createAccountListRepository>;
const stored: Pick<ProfileDocument, 'email' | 'usernameLower'>[] = [];

beforeAll(async () => {
  const { TEST_MONGODB_URL = '', TEST_MONGODB_PREFIX } = process.env;
  const dbName = `${TEST_MONGODB_PREFIX}${randomUUID().slice(0, 8)}`;
  db = await createConnection(TEST_MONGODB_URL, { dbName, monitorCommands: true }).asPromise();
  await migrate(db, migrations.slice(0, 2));
  const documents = Array.from({ length: 600 }, (_, index) => {
    const [username, email] = [`${textOf(8)}${index}`, `${textOf(8)}${index}@example.com`.toLowerCase()];
    return {
      _id: randomUUID(),
      state: 'present',
      role: 'user',
      status: 'active',
      email,
      username,
      usernameLower: username.toLowerCase(),
      createdAt: new Date(index),
    };
  });
  await db.collection<{ _id: string }>('profiles').insertMany(documents);
  stored.push(...documents);
  await migrate(db, migrations);
  const model = createProfileModel(db);
  profiles = createProfilesRepository(model, { clock: () => new Date() });
  accounts = createAccountsRepository(model, { leaseMs: 1_000, clock: () => new Date() });
  list = createAccountListRepository(model);
});
afterAll(() => db.close());

const found = async (search: string) =>
  (await list.page({ ...all, search }, 'email', window)).map(({ email }) => email);

test('finds by an index what a scan finds', async () => {
  const searches = Array.from({ length: 40 }, (_, index) => textOf((index % 8) + 1).toLowerCase());
  await Promise.all(
    [...searches, ...stored.slice(0, 10).flatMap(({ email, usernameLower }) => [email, usernameLower])].map(
      async (search) => {
        const scanned = stored.filter(
          ({ email, usernameLower }) => email.includes(search) || usernameLower.includes(search),
        );
        const expected = scanned.map(({ email }) => email).toSorted();
        expect([search, (await found(search)).toSorted()]).toEqual([search, expected]);
        expect(await list.count({ ...all, search })).toBe(expected.length);
      },
    ),
  );
});

describe('a changed account', () => {
  const newAccount = async () => {
    const [id, name] = [randomUUID(), randomUUID().slice(0, 8)];
    const email = `${name}@old.example`;
    const fields = {
      profileVersion: 1,
      accessVersion: 1,
      emailVerified: true,
      username: `old-${name}`,
      email,
    };
    return { account: (await profiles.put(id, fields))!, name, fields };
  };

  test('is found by its new username and email only', async () => {
    const { account, name, fields } = await newAccount();
    expect(await found(`old-${name}`)).toHaveLength(1);
    await profiles.update(account._id, { username: `NEW-${name}` });
    await profiles.put(account._id, {
      ...fields,
      username: undefined,
      profileVersion: 2,
      email: `${name}@new.example`,
    });
    for (const old of [`old-${name}`, `${name}@old`]) expect(await found(old)).toEqual([]);
    for (const now of [`new-${name}`, `${name}@new`])
      expect(await found(now)).toEqual([`${name}@new.example`]);
  });

  test('is found by the username that an admin gave it', async () => {
    const { account, name } = await newAccount();
    const edited = await accounts.edit(account, { username: `edited-${name}` });
    expect(await found(`edited-${name}`)).toHaveLength(1);
    await accounts.change(edited!, { username: `changed-${name}`, role: 'admin' }, author);
    expect(await found(`changed-${name}`)).toHaveLength(1);
  });

  test('leaves nothing of its email and username when it is erased', async () => {
    const { account } = await newAccount();
    await profiles.remove(account._id);
    const left = await db.collection<{ _id: string }>('profiles').findOne({ _id: account._id });
    expect(Object.keys(left ?? {}).toSorted()).toEqual(['_id', 'absentSince', 'state']);
  });

  test('is read without its grams', async () => {
    const { account } = await newAccount();
    expect(Object.keys(account)).toEqual(expect.arrayContaining(['email', 'username']));
    expect(JSON.stringify(Object.keys(account))).not.toContain('Grams');
  });
});

test('reads few accounts for a rare search, by an index', async () => {
  const commands: mongo.Document[] = [];
  const keep = ({ command }: mongo.CommandStartedEvent) => commands.push(command);
  const client = db.getClient().on('commandStarted', keep);
  await list.page({ ...all, search: stored[123]!.email }, '-createdAt', { ...window, limit: 21 });
  client.off('commandStarted', keep);
  const { find, filter, sort, limit } = commands[0]!;
  const explained = await db.db!.command({
    explain: { find, filter, sort, limit },
    verbosity: 'executionStats',
  });
  expect(JSON.stringify(explained['queryPlanner'].winningPlan)).toContain('emailGrams_1');
  expect(JSON.stringify(explained['queryPlanner'].winningPlan)).not.toContain('COLLSCAN');
  expect(explained['executionStats'].totalDocsExamined).toBeLessThan(20);
});
