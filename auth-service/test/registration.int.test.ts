import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { newDelivery } from '@polyglot-notes/service-kit';
import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import {
  buildAccount,
  dropsConnection,
  answers500,
  neverAnswers,
  oneWins,
  statuses,
  until,
  waitForMails,
} from '@polyglot-notes/service-kit/testing';
import type { Credential } from '../src/credentials/credential.model.ts';
import { startService } from './service.ts';

let service: Awaited<ReturnType<typeof startService>>;
beforeAll(async () => {
  service = await startService();
});
afterAll(() => service.close());
afterEach(() => service.userService.recover());

const inState = async (state: string) =>
  (await service.credentials()).filter((credential) => credential['state'] === state);

/** Resolves when every cancellation is over. */
async function cancelled() {
  await service.makeDeliveriesDue();
  await until(async () => (await inState('cancelling')).length === 0);
}

describe('registering', () => {
  test.each([
    ['no email', { password: 'correct horse' }, 'body.email', undefined],
    ['an invalid email', { email: 'a@b', password: 'correct horse' }, 'body.email', undefined],
    [
      'an email that no server can have',
      { email: `${'a'.repeat(65)}@example.com`, password: 'correct horse' },
      'body.email',
      undefined,
    ],
    [
      'an email with a letter that only looks like K',
      { email: '\u212a@example.com', password: 'correct horse' },
      'body.email',
      undefined,
    ],
    ['a number for a password', { email: 'a@example.com', password: 12345678 }, 'body.password', undefined],
    [
      'a short password',
      { email: 'a@example.com', password: 'a😀😀😀😀😀😀' },
      'body.password',
      'password_length',
    ],
    [
      'more bytes than bcrypt reads',
      { email: 'a@example.com', password: '😀'.repeat(19) },
      'body.password',
      'password_length',
    ],
    [
      'a password with NUL',
      { email: 'a@example.com', password: 'correct\0horse' },
      'body.password',
      undefined,
    ],
    [
      'a common password',
      { email: 'a@example.com', password: 'Password1' },
      'body.password',
      'password_common',
    ],
    [
      'the email for a password',
      { email: 'long-name@example.com', password: 'Long-Name@example.com' },
      'body.password',
      'password_personal',
    ],
    [
      'the username for a password',
      { email: 'a@example.com', username: 'Long-Name', password: 'long-nAME' },
      'body.password',
      'password_personal',
    ],
    [
      'a bad username',
      { email: 'a@example.com', password: 'correct horse', username: 'a b' },
      'body.username',
      undefined,
    ],
    [
      'a role',
      { email: 'a@example.com', password: 'correct horse', role: 'admin' },
      'body.role',
      'unknown_field',
    ],
    ['an operator', { email: { $gt: '' }, password: 'correct horse' }, 'body.email', undefined],
  ])('refuses %s', async (_what, body, path, code) => {
    const { body: problem } = await service.register(body);
    expect(problem).toMatchObject({
      status: 400,
      code: 'validation_failed',
      errors: [{ path, ...(code && { code }) }],
    });
    expect(problem.errors).toHaveLength(1);
  });

  test('returns the user and tokens, and stores no password', async () => {
    const account = buildAccount();
    const response = await service.register({ ...account, email: `  ${account.email.toUpperCase()} ` });
    expect(response.status).toBe(201);
    expect(response.headers['cache-control']).toBe('no-store');
    expect(response.body).toEqual({
      user: expect.objectContaining({
        email: account.email,
        username: account.username,
        role: 'user',
        emailVerified: false,
      }),
      accessToken: expect.any(String),
      refreshToken: expect.any(String),
      tokenType: 'Bearer',
      expiresIn: 900,
    });
    const stored = (await service.credentials()).find(({ email }) => email === account.email);
    expect(stored).toMatchObject({
      _id: response.body.user.id,
      state: 'active',
      passwordHash: expect.stringMatching(/^\$2/),
    });
    expect(JSON.stringify(stored)).not.toContain(account.password);
  });

  test.each(["o'brien", 'sales&support', '#!/$%{|}~^`*?='])(
    'accepts an email before whose @ is %s, and mails arrive there',
    async (local) => {
      const account = { ...buildAccount(), email: `${local}@${randomUUID()}.xn--p1ai` };
      expect((await service.register(account)).status).toBe(201);
      await service.forgot({ email: account.email });
      const [mail] = await waitForMails(account.email, 1);
      expect(mail!.to).toEqual([expect.objectContaining({ address: account.email })]);
    },
  );

  test('accepts the longest password that bcrypt reads', async () => {
    const account = { ...buildAccount(), password: '😀'.repeat(18) };
    expect((await service.register(account)).status).toBe(201);
    expect((await service.login({ email: account.email, password: account.password })).status).toBe(200);
    expect((await service.login({ email: account.email, password: `${account.password}x` })).status).toBe(
      401,
    );
  });

  test('makes a username from the email when none is chosen, with a suffix when it is taken', async () => {
    const [one, two] = await Promise.all([
      service.register({ email: 'same.name@example.com', password: 'correct horse' }),
      service.register({ email: 'same.name@example.org', password: 'correct horse' }),
    ]);
    const names = [one, two]
      .map(({ body }): string => body.user.username)
      .toSorted((a, b) => a.length - b.length);
    expect(names).toEqual(['same.name', expect.stringMatching(/^same\.name-[a-z0-9]{6}$/)]);
    const { body } = await service.register({
      email: '+@example.com',
      password: 'correct horse',
    });
    expect(body.user.username).toMatch(/^[a-z0-9_.-]{3,30}$/);
  });

  test('refuses a taken email in any case, whatever the password', async () => {
    const account = buildAccount();
    await service.register(account);
    for (const again of [account, { ...buildAccount(), email: account.email.toUpperCase() }]) {
      expect((await service.register(again)).body).toMatchObject({ status: 409, code: 'email_taken' });
    }
  });

  test('refuses a taken username and leaves nothing behind', async () => {
    const account = buildAccount();
    await service.register(account);
    const before = (await service.credentials()).length;
    const other = { ...buildAccount(), username: account.username.toUpperCase() };
    expect((await service.register(other)).body).toMatchObject({ status: 409, code: 'username_taken' });
    expect(await service.credentials()).toHaveLength(before);
    expect((await service.register({ ...other, username: buildAccount().username })).status).toBe(201);
  });

  test.each([
    [
      'email',
      () => {
        const account = buildAccount();
        return () => ({ ...account, username: buildAccount().username });
      },
    ],
    [
      'email and no username',
      () => {
        const { email, password } = buildAccount();
        return () => ({ email, password });
      },
    ],
    [
      'username',
      () => {
        const { username } = buildAccount();
        return () => ({ ...buildAccount(), username });
      },
    ],
  ])('gives one of eight at once with the same %s the account', async (_what, makeBodies) => {
    const nextBody = makeBodies();
    const before = (await service.credentials()).length;
    const answers = await Promise.all(Array.from({ length: 8 }, () => service.register(nextBody())));
    expect(statuses(answers)).toEqual(oneWins(8, 201, 409));
    expect(await service.credentials()).toHaveLength(before + 1);
    expect(await inState('pending')).toEqual([]);
    expect(await inState('cancelling')).toEqual([]);
  });
});

describe('twelve registrations at once with a taken username', () => {
  test('are all refused', async () => {
    const { username } = buildAccount();
    await service.register({ ...buildAccount(), username });
    const account = { ...buildAccount(), username };
    const answers = await Promise.all(Array.from({ length: 12 }, () => service.register(account)));
    expect(new Set(statuses(answers))).toEqual(new Set([409]));
    expect((await service.register({ ...account, username: buildAccount().username })).status).toBe(201);
  });
});

describe('registering while user-service is unavailable', () => {
  const answers503 = { status: 503, code: 'service_unavailable' };

  test('is a 503 that leaves nothing behind', async () => {
    service.userService.faults.before = dropsConnection;
    const account = buildAccount();
    const before = (await service.credentials()).length;
    const refused = await service.register(account);
    expect(refused.body).toMatchObject(answers503);
    expect(refused.headers['retry-after']).toBeDefined();
    const { email, password } = account;
    expect((await service.login({ email, password })).body).toMatchObject({ code: 'invalid_credentials' });

    service.userService.recover();
    expect((await service.register({ ...account, password: 'another password' })).status).toBe(201);
    expect(await service.credentials()).toHaveLength(before + 1);
    expect(service.userService.usernames().filter((name) => name === account.username)).toHaveLength(1);
  });

  test('frees the email and the username when only the answer was lost', async () => {
    service.userService.faults.after = dropsConnection;
    const account = buildAccount();
    expect((await service.register(account)).body).toMatchObject(answers503);
    service.userService.recover();
    expect((await service.register({ ...account, password: 'another password' })).status).toBe(201);
    expect(await inState('cancelling')).toEqual([]);
  });

  test.each([
    ['never answers', neverAnswers],
    ['answers 500', answers500],
  ])('is a 503 as well when it %s', async (_what, fault) => {
    service.userService.faults.before = fault;
    expect((await service.register(buildAccount())).body).toMatchObject(answers503);
  });
});

describe('a registration that user-service fails twice', () => {
  test('leaves nothing behind', async () => {
    // Cancellations of other tests would use up the failures.
    await cancelled();
    const account = buildAccount();
    let left = 2;
    service.userService.faults.before = (req, res) => {
      left--;
      if (left === 0) service.userService.recover();
      answers500(req, res);
    };
    expect((await service.register(account)).status).toBe(503);
    await cancelled();
    expect((await service.register({ ...account, password: 'another password' })).status).toBe(201);
    expect(service.userService.usernames().filter((name) => name === account.username)).toHaveLength(1);
  });
});

describe('a registration that was interrupted by a crash', () => {
  // The lease is longer than a test unless the test is about the relay.
  async function interrupted(profileExists: boolean, leaseMs = 60_000) {
    const account = buildAccount();
    const { body } = await service.register(account);
    const id: string = body.user.id;
    await service.context.db
      .collection<{ _id: string }>('credentials')
      .updateOne({ _id: id }, { $set: { state: 'pending', delivery: newDelivery(leaseMs, new Date()) } });
    if (!profileExists) await service.context.userService.removeProfile(id);
    return { account, id };
  }

  test('allows no login', async () => {
    const { account } = await interrupted(true);
    expect((await service.login({ email: account.email, password: account.password })).body).toMatchObject({
      code: 'invalid_credentials',
    });
  });

  test('is resumed by a repeat with the same password, with the username of the repeat', async () => {
    const { account, id } = await interrupted(true);
    const repeat = { ...account, username: buildAccount().username };
    const response = await service.register(repeat);
    expect(response.status).toBe(201);
    expect(response.body.user).toMatchObject({ id, username: repeat.username });
    expect((await service.login({ email: account.email, password: account.password })).status).toBe(200);
  });

  test('is not resumed by a repeat with another password', async () => {
    const { account } = await interrupted(true);
    const response = await service.register({ ...account, password: 'another password' });
    expect(response.body).toMatchObject({ status: 409, code: 'email_taken' });
  });

  test('is resumed by one of eight repeats at once', async () => {
    const { account } = await interrupted(true);
    const answers = await Promise.all(Array.from({ length: 8 }, () => service.register(account)));
    expect(statuses(answers)).toEqual(oneWins(8, 201, 409));
  });

  test.each([true, false])('is cancelled when nobody resumes it (with a profile: %s)', async (profile) => {
    const { account, id } = await interrupted(profile, 0);
    await until(async () => !(await service.credentials()).some(({ _id }) => String(_id) === id));
    expect(service.userService.usernames()).not.toContain(account.username);
    expect((await service.register({ ...account, password: 'another password' })).status).toBe(201);
  });

  test('is not cancelled by its release', async () => {
    const { account, id } = await interrupted(true);
    expect(await service.context.deliveries.release(id)).toBe(true);
    // Ten times as long as between two reads of the relay.
    await delay(500);
    expect(await inState('pending')).toContainEqual(expect.objectContaining({ _id: id }));
    expect((await service.register(account)).status).toBe(201);
  });

  test('starts over when it is cancelled during an attempt', async () => {
    const account = buildAccount();
    service.userService.faults.after = (_req, res) => {
      service.userService.recover();
      // The relay finds that the lease is over.
      void service.context.credentials
        .findByEmail(account.email)
        .then(async (pending) => service.context.relay.attempt(pending!))
        .then(() => res.writeHead(200, { 'Content-Type': 'application/json' }).end('{"state":"absent"}'));
    };
    expect((await service.register(account)).status).toBe(201);
    expect((await service.login({ email: account.email, password: account.password })).status).toBe(200);
  });

  test('is not cancelled once another attempt has resumed it', async () => {
    const { account, id } = await interrupted(true);
    // A relay has read it when another attempt resumes it.
    const { registrations, relay } = service.context;
    const read = (await service.credentials()).find(({ _id }) => String(_id) === id);
    await registrations.resume(read as unknown as Credential, false);
    await relay.attempt(read as unknown as Credential);
    expect(service.userService.usernames()).toContain(account.username);
    expect((await service.register(account)).status).toBe(201);
  });
});

describe('a registration that failed after user-service created the profile', () => {
  test('frees the email and the username when user-service is available again', async () => {
    service.userService.faults.after = (req) => {
      service.userService.faults.after = undefined;
      service.userService.faults.before = dropsConnection;
      req.socket.destroy();
    };
    const account = buildAccount();
    expect((await service.register(account)).status).toBe(503);
    expect(service.userService.usernames()).toContain(account.username);
    service.userService.recover();
    await cancelled();
    expect(service.userService.usernames()).not.toContain(account.username);
    const { username } = account;
    expect((await service.register({ ...buildAccount(), username })).status).toBe(201);
  });
});
