import { randomBytes, randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import {
  createAccessTokenVerifier,
  createKeySet,
  createLogger,
  createMetrics,
} from '@polyglot-notes/service-kit';
import { buildAccount, recordTracing, serverUrl, until } from '@polyglot-notes/service-kit/testing';
import request from 'supertest';
import { createApp } from '../src/app.ts';
import { readConfig } from '../src/config.ts';
import { createContext } from '../src/context.ts';
import { migrations } from '../src/migrations.ts';
import { parseKeysArguments } from '../src/signing-keys/keys-arguments.ts';
import { runKeysCommand } from '../src/signing-keys/keys-command.ts';
import { createKey } from '../src/signing-keys/new-key.ts';
import { seal, unseal, type SealingKeys } from '../src/sealing/sealing.ts';
import {
  createSigningKeysRepository,
  type SigningKeyDocument,
} from '../src/signing-keys/signing-keys.repository.ts';
import { createEventsRepository } from '../src/events/events.repository.ts';
import { loadSigningKeys } from '../src/signing-keys/signing-keys.service.ts';
import { migratedEnvironment, startService } from './service.ts';

let service: Awaited<ReturnType<typeof startService>>;
beforeAll(async () => {
  service = await startService();
});
afterAll(() => service.close());

const contextOf = (environment: NodeJS.ProcessEnv) => createContext(readConfig(environment));

describe('the signing keys', () => {
  test('are published without their private parts', async () => {
    const { body } = await request(service.server).get('/.well-known/jwks.json');
    const keys = {
      kty: 'RSA',
      n: expect.any(String),
      e: 'AQAB',
      kid: expect.any(String),
      alg: 'RS256',
      use: 'sig',
    };
    expect(body).toEqual({ keys: [keys] });
  });

  test('are sealed in the database', async () => {
    const [stored] = await service.context.db.collection('signingKeys').find().toArray();
    expect(JSON.stringify(stored)).not.toMatch(/PRIVATE KEY|"d":|"p":/);
  });

  test('verify the tokens that are issued', async () => {
    const keys = createKeySet({
      url: `${serverUrl(service.server)}/.well-known/jwks.json`,
      log: service.context.log,
    });
    while (!keys.loaded()) await new Promise((resolve) => setTimeout(resolve, 20));
    const verify = createAccessTokenVerifier({ issuer: 'polyglot-notes', audience: 'polyglot-notes', keys });
    const { body } = await service.register(buildAccount());
    expect(await verify(body.accessToken)).toMatchObject({ id: body.user.id, role: 'user' });
    keys.close();
  });

  test('stay the same after a restart, and are created once by several processes', async () => {
    const environment = await migratedEnvironment();
    const contexts = await Promise.all(Array.from({ length: 4 }, () => contextOf(environment)));
    const ids = contexts.map(({ signingKeys }) => signingKeys.current().id);
    expect(new Set(ids).size).toBe(1);
    await Promise.all(contexts.map((context) => context.close()));
    const again = await contextOf(environment);
    expect(again.signingKeys.current().id).toBe(ids[0]);
    await again.close();
  });

  test('cannot be decrypted with another key, and the error says what to do', async () => {
    const environment = await migratedEnvironment();
    await (await contextOf(environment)).close();
    const other = { ...environment, KEY_ENCRYPTION_KEY: randomBytes(32).toString('base64') };
    await expect(contextOf(other)).rejects.toThrow(/^KEY_ENCRYPTION_KEY cannot decrypt the signing key/);
  });
});

const [current, previous, unknown] = [randomBytes(32), randomBytes(32), randomBytes(32)];
const longestSeconds = 86_400 + 30;

// Creating keys is slow, so each database gets the same ones.
let pool: SigningKeyDocument[];
beforeAll(async () => {
  const options = { sequence: 1, sealingKey: current, clock: () => new Date(), leadSeconds: 0 };
  pool = await Promise.all(Array.from({ length: 4 }, () => createKey(options)));
});

/** A database with signing keys, and a clock. */
async function keyDatabase() {
  const db = service.context.db.useDb(`${service.environment.MONGODB_DATABASE}-${randomUUID().slice(0, 8)}`);
  await db.collection('signingKeys').createIndexes([{ key: { sequence: 1 }, unique: true }]);
  const stored = createSigningKeysRepository(db);
  const reads = { count: 0, isFailing: false };
  const repository: typeof stored = {
    ...stored,
    all() {
      reads.count++;
      return reads.isFailing ? Promise.reject(new Error('no database')) : stored.all();
    },
  };
  const lines: string[] = [];
  const log = createLogger('test', 'warn', {
    write(line) {
      const { level, msg } = JSON.parse(line);
      lines.push(`${level}: ${msg}`);
    },
  });
  const start = Date.now();
  const time = { now: new Date(start) };
  const clock = () => time.now;
  const at = (seconds: number) => new Date(start + seconds * 1_000);
  const sealingKeys: SealingKeys = { current, previous: undefined };
  const { tracing, ended } = recordTracing();
  return {
    db,
    repository,
    reads,
    /** The names of the spans that have ended. */
    spans: () => ended.map(({ name }) => name),
    /** Resolves after two reads that begin now. */
    untilRead: () => {
      const target = reads.count + 3;
      return until(() => reads.count >= target);
    },
    lines,
    sealingKeys,
    at,
    waitUntil: (seconds: number) => (time.now = at(seconds)),
    /** Adds a key that signs from this second on. */
    add: async (signsFrom: number, sealingKey = current) => {
      const sequence = (await repository.all()).length + 1;
      const { _id, ...key } = pool[sequence - 1]!;
      const sealedPrivateKey = seal(unseal(key.sealedPrivateKey, current, _id), sealingKey, _id);
      const times = { createdAt: clock(), signsFrom: at(signsFrom) };
      await repository.insertOnce({ ...key, ...times, _id, sequence, sealedPrivateKey });
      return _id;
    },
    /** An instance of the service that reads its keys again at once, or not by itself. */
    load: (rereadMs = 10) => loadSigningKeys({ repository, sealingKeys, tracing, clock, log, rereadMs }),
    ids: async () => (await repository.all()).map(({ _id }) => _id),
    /** Runs the command and returns its output, or why it was refused. */
    run: (line: string, withKeys = sealingKeys, withRepository = repository) =>
      runKeysCommand(parseKeysArguments(line.split(' '))!, {
        repository: withRepository,
        sealingKeys: withKeys,
        clock,
        leadSeconds: 120,
        accessTokenSeconds: 900,
        events: createEventsRepository(db, { clock, auditDays: 1 }),
      }).catch((error: Error) => error.message),
  };
}

const overdue =
  'error: KEY_ENCRYPTION_KEY cannot decrypt the key that should sign: set the key that encrypted it, and restart';
const unavailable = expect.objectContaining({ type: expect.objectContaining({ status: 503 }) });

describe('a running instance', () => {
  const published = (keys: Awaited<ReturnType<typeof loadSigningKeys>>) =>
    keys.jwks().keys.map(({ kid }) => kid);

  test('publishes a new key at once, signs with it later, and in the end forgets the old one', async () => {
    const { add, load, ids, spans, waitUntil } = await keyDatabase();
    const first = await add(0);
    const keys = await load();
    const second = await add(120);
    await until(() => published(keys).includes(second));
    expect(keys.current().id).toBe(first);
    waitUntil(119);
    expect(keys.current().id).toBe(first);
    waitUntil(120);
    expect(keys.current().id).toBe(second);
    waitUntil(119 + longestSeconds);
    expect(published(keys)).toEqual([first, second]);
    waitUntil(120 + longestSeconds);
    expect(published(keys)).toEqual([second]);
    expect(await keys.publicKeys.find(first)).toBeUndefined();
    expect(await ids()).toEqual([first, second]);
    expect(spans()).toEqual([]);
    waitUntil(121 + longestSeconds + 86_400);
    await until(async () => (await ids()).length === 1);
    expect(await ids()).toEqual([second]);
    await until(() => spans().length > 0);
    expect(spans()).toEqual(['remove signing keys']);
    keys.close();
  });

  test('continues with its key while it cannot decrypt the next one, which it publishes, and logs once when that one should sign', async () => {
    const { add, load, lines, untilRead, waitUntil } = await keyDatabase();
    const first = await add(0);
    const keys = await load();
    const second = await add(10, unknown);
    const third = await add(20, unknown);
    await until(() => published(keys).length === 3);
    const warnings = Array(2).fill('warn: KEY_ENCRYPTION_KEY cannot decrypt a signing key');
    expect(lines).toEqual(warnings);
    waitUntil(30);
    await untilRead();
    expect(keys.current().id).toBe(first);
    expect(published(keys)).toEqual([first, second, third]);
    expect(lines).toEqual([...warnings, overdue]);
    keys.close();
  });

  test('logs at its start that it cannot decrypt the key that should sign', async () => {
    const { add, load, lines } = await keyDatabase();
    const first = await add(-10);
    await add(0, unknown);
    const keys = await load(600_000);
    expect(keys.current().id).toBe(first);
    expect(lines).toEqual(['warn: KEY_ENCRYPTION_KEY cannot decrypt a signing key', overdue]);
    keys.close();
  });

  test('is ready while it signs with a replaced key, and not when that key has expired', async () => {
    const { add, load, waitUntil } = await keyDatabase();
    await add(0);
    await add(10, unknown);
    const keys = await load(600_000);
    const app = createApp({
      ...service.context,
      metrics: createMetrics(service.context.log),
      signingKeys: keys,
    });
    const readiness = () => request(app).get('/health/ready');
    waitUntil(9 + longestSeconds);
    expect(await readiness()).toMatchObject({ status: 200, body: { checks: { signingKeys: 'ok' } } });
    waitUntil(10 + longestSeconds);
    expect(await readiness()).toMatchObject({ status: 503, body: { checks: { signingKeys: 'down' } } });
    keys.close();
  });

  test('continues with a key that was sealed again with a key it does not have', async () => {
    const { add, load, run, untilRead } = await keyDatabase();
    const first = await add(0);
    const keys = await load();
    await run('reseal', { current: previous, previous: current });
    await untilRead();
    expect(keys.current().id).toBe(first);
    keys.close();
  });

  test('has no key to sign with when its keys are removed, until there is one again', async () => {
    const { add, load, repository } = await keyDatabase();
    const first = await add(0);
    const keys = await load();
    await repository.remove(first);
    await until(() => published(keys).length === 0);
    expect(() => keys.current()).toThrow(unavailable);
    const second = await add(0);
    await until(() => published(keys).length === 1);
    expect(keys.current().id).toBe(second);
    keys.close();
  });

  test('finds the key of another instance at once, and reads once for thousands of unknown keys', async () => {
    const { add, load, reads } = await keyDatabase();
    await add(0);
    const keys = await load(600_000);
    const second = await add(0);
    expect(await keys.publicKeys.find(second)).toBeDefined();
    const { count } = reads;
    for (let round = 0; round < 5; round++)
      await Promise.all(Array.from({ length: 1_000 }, (_, index) => keys.publicKeys.find(`forged-${index}`)));
    expect(reads.count).toBe(count);
    keys.close();
  });

  test('keeps its keys while the database fails, and logs it once', async () => {
    const { add, load, lines, reads, untilRead } = await keyDatabase();
    const first = await add(0);
    const keys = await load();
    reads.isFailing = true;
    await untilRead();
    expect(keys.current().id).toBe(first);
    reads.isFailing = false;
    const second = await add(0);
    await until(() => published(keys).includes(second));
    expect(lines).toEqual(['warn: the signing keys cannot be read']);
    keys.close();
  });

  test('does not decide about an unknown key while its last read has failed', async () => {
    const { add, load, reads } = await keyDatabase();
    const first = await add(0);
    const keys = await load(600_000);
    const second = await add(0);
    reads.isFailing = true;
    const { count } = reads;
    for (let round = 0; round < 3; round++)
      await expect(keys.publicKeys.find(second)).rejects.toEqual(unavailable);
    expect(reads.count).toBe(count + 1);
    expect(await keys.publicKeys.find(first)).toBeDefined();
    keys.close();
  });
});

test('a key is published for two refresh intervals of the other services before it signs', () => {
  const leadSeconds = (value: string) =>
    readConfig({ ...service.environment, SIGNING_KEY_LEAD_SECONDS: value }).SIGNING_KEY_LEAD_SECONDS;
  expect(leadSeconds('120')).toBe(120);
  expect(() => leadSeconds('119')).toThrow(/SIGNING_KEY_LEAD_SECONDS/);
});

describe('the command keys', () => {
  test('lists the keys with their states and times', async () => {
    const { add, at, run, sealingKeys, waitUntil } = await keyDatabase();
    expect(await run('list')).toBe(
      'There is no signing key yet. auth-service creates the first one at its start.',
    );
    sealingKeys.previous = previous;
    const ids = [await add(0, unknown), await add(100, previous), await add(200)];
    const time = (seconds: number) => `${at(seconds).toISOString().slice(0, 19)}Z`;
    waitUntil(150);
    const [head, ...rows] = (await run('list')).split('\n').map((line) => line.split(/ {2,}/));
    expect(head).toEqual(['kid', 'state', 'created', 'signs from', 'published until', 'sealed with']);
    expect(rows).toEqual([
      [ids[0], 'retiring', time(0), time(0), time(100 + longestSeconds), 'unknown'],
      [ids[1], 'signing', time(0), time(100), time(200 + longestSeconds), 'previous'],
      [ids[2], 'published', time(0), time(200), '-', 'current'],
    ]);
  });

  test('rotates: creates one key however often it runs, until that key signs', async () => {
    const { add, at, run, repository, waitUntil } = await keyDatabase();
    await add(0);
    const outputs = await Promise.all([run('rotate'), run('rotate'), run('rotate')]);
    const [, second, ...more] = await repository.all();
    expect(more).toEqual([]);
    expect(second?.signsFrom).toEqual(at(120));
    expect(outputs.filter((output) => /is published\. It signs from/.test(output))).toHaveLength(1);
    waitUntil(119);
    expect(await run('rotate')).toMatch(`The key ${second?._id} is published and signs from`);
    waitUntil(120);
    expect(await run('rotate')).toMatch(/is published\. It signs from/);
    expect(await repository.all()).toHaveLength(3);
  });

  test('rotates at once with --now, also while another key waits', async () => {
    const { add, load, run, ids } = await keyDatabase();
    await add(0);
    await add(120);
    expect(await run('rotate --now')).toMatch(/is published and signs from now on/);
    const keys = await load();
    expect(keys.current().id).toBe((await ids())[2]);
    keys.close();
  });

  test('removes a key whose tokens have expired, and with --now one whose tokens are valid', async () => {
    const { add, ids, run, waitUntil } = await keyDatabase();
    const [first, second, third, fourth] = [await add(0), await add(10), await add(2_000), await add(9_000)];
    waitUntil(2_000);
    expect(await run('retire nonsense')).toBe('There is no key nonsense. See the keys with "list".');
    expect(await run(`retire ${third} --now`)).toMatch(/signs now\. Create another one first: rotate/);
    expect(await run(`retire ${fourth} --now`)).toMatch(/Create another one instead: rotate --now/);
    expect(await run(`retire ${second}`)).toMatch(/are valid until .* If the key has leaked, use --now/);
    expect(await ids()).toEqual([first, second, third, fourth]);
    expect(await run(`retire ${first}`)).toMatch(/is removed/);
    expect(await run(`retire ${second} --now`)).toMatch(/is removed/);
    expect(await ids()).toEqual([third, fourth]);
    waitUntil(9_000 + 929);
    expect(await run(`retire ${third}`)).toMatch(/are valid until/);
    waitUntil(9_000 + 930);
    expect(await run(`retire ${third}`)).toMatch(/is removed/);
  });

  test('reseals every key, beside a rotation too, and nothing the second time', async () => {
    const { add, load, run, sealingKeys } = await keyDatabase();
    const first = await add(0, previous);
    await add(10, previous);
    expect(await run('reseal')).toMatch(`can decrypt: ${first}, `);
    sealingKeys.previous = previous;
    const before = await load();
    expect(before.current().id).toBe(first);
    before.close();
    await Promise.all([run('reseal'), run('rotate --now'), run('reseal')]);
    expect(await run('reseal')).toBe('All keys are encrypted with KEY_ENCRYPTION_KEY; 0 of them newly.');
    sealingKeys.previous = undefined;
    expect((await run('list')).match(/current$/gm)).toHaveLength(3);
  });

  test('does not report a reseal of keys that another process changes meanwhile', async () => {
    const { add, repository, run, sealingKeys } = await keyDatabase();
    sealingKeys.previous = previous;
    expect(await run('reseal')).toMatch(/^There is no signing key yet/);
    const first = await add(0, previous);
    let second = '';
    const addedAfterRead: typeof repository = {
      ...repository,
      async all() {
        const keys = await repository.all();
        if (second === '') second = await add(10, previous);
        return keys;
      },
    };
    const notYet = /^Keys are not encrypted with KEY_ENCRYPTION_KEY yet: (\S+)\. Run reseal again/;
    expect(notYet.exec(await run('reseal', sealingKeys, addedAfterRead))?.[1]).toBe(second);
    const changedAfterRead = { ...repository, reseal: async () => false };
    expect(notYet.exec(await run('reseal', sealingKeys, changedAfterRead))?.[1]).toBe(second);
    expect(await run('reseal')).toBe('All keys are encrypted with KEY_ENCRYPTION_KEY; 1 of them newly.');
    expect((await run('list')).split('\n').map((line) => line.split(' ')[0])).toEqual(['kid', first, second]);
  });

  test('replaces the signing key with --now when the key that encrypted it is lost', async () => {
    const { add, load, run } = await keyDatabase();
    const first = await add(0, unknown);
    await expect(load()).rejects.toThrow(/cannot decrypt the signing key/);
    expect(await run('rotate')).toMatch(/cannot decrypt the key .* If that is lost, use --now/);
    await run('rotate --now');
    const keys = await load();
    expect(keys.current().id).not.toBe(first);
    expect(keys.jwks().keys.map(({ kid }) => kid)).toContain(first);
    keys.close();
  });
});

test('a migration lets the key of an earlier version sign from its creation', async () => {
  const { add, at, db, repository } = await keyDatabase();
  await add(500);
  const collection = db.collection('signingKeys');
  await collection.updateMany({}, { $unset: { signsFrom: '' } });
  const migration = migrations.find(({ name }) => name === '0004-signing-times');
  await migration?.up(db.db!);
  await add(700);
  await migration?.up(db.db!);
  expect((await repository.all()).map(({ signsFrom }) => signsFrom)).toEqual([at(0), at(700)]);
});
