import { setTimeout as delay } from 'node:timers/promises';
import { newDelivery } from '@polyglot-notes/service-kit';
import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { breaks, fails, isSilent, oneWins, statuses, until } from '@polyglot-notes/service-kit/testing';
import { credentialDelivery } from '../src/accounts/credential-delivery.ts';
import type { Credential } from '../src/accounts/credential.model.ts';
import { newAccount, startService } from './service.ts';

let service: Awaited<ReturnType<typeof startService>>;
beforeAll(async () => {
  service = await startService();
});
afterAll(() => service.close());
afterEach(() => service.userService.mend());

const inState = async (state: string) =>
  (await service.credentials()).filter((credential) => credential['state'] === state);

describe('registering', () => {
  test.each([
    ['no email', { password: 'correct horse' }, 'body.email', undefined],
    ['an email that is none', { email: 'a@b', password: 'correct horse' }, 'body.email', undefined],
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

  test('gives the user and a token, and keeps no password', async () => {
    const account = newAccount();
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

  test('takes the longest password that bcrypt reads', async () => {
    const account = { ...newAccount(), password: '😀'.repeat(18) };
    expect((await service.register(account)).status).toBe(201);
    expect((await service.login({ email: account.email, password: account.password })).status).toBe(200);
    expect((await service.login({ email: account.email, password: `${account.password}x` })).status).toBe(
      401,
    );
  });

  test('makes a username of the email when none is chosen, and another when that is taken', async () => {
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
    const account = newAccount();
    await service.register(account);
    for (const again of [account, { ...newAccount(), email: account.email.toUpperCase() }]) {
      expect((await service.register(again)).body).toMatchObject({ status: 409, code: 'email_taken' });
    }
  });

  test('refuses a taken username and leaves nothing behind', async () => {
    const account = newAccount();
    await service.register(account);
    const before = (await service.credentials()).length;
    const other = { ...newAccount(), username: account.username.toUpperCase() };
    expect((await service.register(other)).body).toMatchObject({ status: 409, code: 'username_taken' });
    expect(await service.credentials()).toHaveLength(before);
    expect((await service.register({ ...other, username: newAccount().username })).status).toBe(201);
  });

  test.each([
    [
      'email',
      () => {
        const account = newAccount();
        return () => ({ ...account, username: newAccount().username });
      },
    ],
    [
      'email and no username',
      () => {
        const { email, password } = newAccount();
        return () => ({ email, password });
      },
    ],
    [
      'username',
      () => {
        const { username } = newAccount();
        return () => ({ ...newAccount(), username });
      },
    ],
  ])('gives one of eight at once with the same %s the account', async (_what, makeBodies) => {
    const nextBody = makeBodies();
    const before = (await service.credentials()).length;
    const answers = await Promise.all(Array.from({ length: 8 }, () => service.register(nextBody())));
    expect(statuses(answers)).toEqual(oneWins(8, 201, 409));
    expect(await service.credentials()).toHaveLength(before + 1);
    expect(await inState('pending')).toEqual([]);
    expect(await inState('withdrawing')).toEqual([]);
  });
});

describe('twelve registrations at once that cannot succeed', () => {
  test('are told so, each of them', async () => {
    const { username } = newAccount();
    await service.register({ ...newAccount(), username });
    const account = { ...newAccount(), username };
    const answers = await Promise.all(Array.from({ length: 12 }, () => service.register(account)));
    expect(new Set(statuses(answers))).toEqual(new Set([409]));
    expect((await service.register({ ...account, username: newAccount().username })).status).toBe(201);
  });
});

describe('registering while user-service is away', () => {
  const answers503 = { status: 503, code: 'service_unavailable' };

  test('is a 503 that leaves nothing behind', async () => {
    service.userService.faults.before = breaks;
    const account = newAccount();
    const before = (await service.credentials()).length;
    const refused = await service.register(account);
    expect(refused.body).toMatchObject(answers503);
    expect(refused.headers['retry-after']).toBeDefined();
    const { email, password } = account;
    expect((await service.login({ email, password })).body).toMatchObject({ code: 'invalid_credentials' });

    service.userService.mend();
    expect((await service.register({ ...account, password: 'another password' })).status).toBe(201);
    expect(await service.credentials()).toHaveLength(before + 1);
    expect(service.userService.usernames().filter((name) => name === account.username)).toHaveLength(1);
  });

  test('frees the email and the username when only the answer was lost', async () => {
    service.userService.faults.after = breaks;
    const account = newAccount();
    expect((await service.register(account)).body).toMatchObject(answers503);
    service.userService.mend();
    expect((await service.register({ ...account, password: 'another password' })).status).toBe(201);
    expect(await inState('withdrawing')).toEqual([]);
  });

  test.each([
    ['never answers', isSilent],
    ['answers 500', fails],
  ])('is a 503 as well when it %s', async (_what, fault) => {
    service.userService.faults.before = fault;
    expect((await service.register(newAccount())).body).toMatchObject(answers503);
  });
});

describe('a registration that user-service fails twice and then could do', () => {
  test('has left nothing when it is tried again', async () => {
    // What earlier tests have left would take its part of the failures.
    await until(async () => (await inState('withdrawing')).length === 0);
    const account = newAccount();
    let left = 2;
    service.userService.faults.before = (req, res) => {
      left--;
      if (left === 0) service.userService.mend();
      fails(req, res);
    };
    expect((await service.register(account)).status).toBe(503);
    await until(async () => (await inState('withdrawing')).length === 0);
    expect((await service.register({ ...account, password: 'another password' })).status).toBe(201);
    expect(service.userService.usernames().filter((name) => name === account.username)).toHaveLength(1);
  });
});

describe('an account that a dying process left half-made', () => {
  // Longer than the other tests take, unless the relay is what a test is about.
  async function halfMade(profileExists: boolean, leaseMs = 60_000) {
    const account = newAccount();
    const { body } = await service.register(account);
    const id: string = body.user.id;
    await service.context.db
      .collection<{ _id: string }>('credentials')
      .updateOne({ _id: id }, { $set: { state: 'pending', delivery: newDelivery(leaseMs) } });
    if (!profileExists) await service.context.userService.removeProfile(id);
    return { account, id };
  }

  test('cannot be logged in to', async () => {
    const { account } = await halfMade(true);
    expect((await service.login({ email: account.email, password: account.password })).body).toMatchObject({
      code: 'invalid_credentials',
    });
  });

  test('is carried on by a repeat with the same password, with the username of the repeat', async () => {
    const { account, id } = await halfMade(true);
    const repeat = { ...account, username: newAccount().username };
    const response = await service.register(repeat);
    expect(response.status).toBe(201);
    expect(response.body.user).toMatchObject({ id, username: repeat.username });
    expect((await service.login({ email: account.email, password: account.password })).status).toBe(200);
  });

  test('stays another’s to whoever has another password', async () => {
    const { account } = await halfMade(true);
    const response = await service.register({ ...account, password: 'another password' });
    expect(response.body).toMatchObject({ status: 409, code: 'email_taken' });
  });

  test('is carried on by one of eight at once', async () => {
    const { account } = await halfMade(true);
    const answers = await Promise.all(Array.from({ length: 8 }, () => service.register(account)));
    expect(statuses(answers)).toEqual(oneWins(8, 201, 409));
  });

  test.each([true, false])('is withdrawn when nobody carries it on (with a profile: %s)', async (profile) => {
    const { account, id } = await halfMade(profile, 0);
    await until(async () => !(await service.credentials()).some(({ _id }) => String(_id) === id));
    expect(service.userService.usernames()).not.toContain(account.username);
    expect((await service.register({ ...account, password: 'another password' })).status).toBe(201);
  });

  test('is not ended by its release', async () => {
    const { account, id } = await halfMade(true);
    expect(await service.context.deliveries.release(id)).toBe(true);
    await delay(1_200);
    expect(await inState('pending')).toContainEqual(expect.objectContaining({ _id: id }));
    expect((await service.register(account)).status).toBe(201);
  });

  test('is begun anew by a try from under which it is withdrawn', async () => {
    const account = newAccount();
    service.userService.faults.after = (_req, res) => {
      service.userService.mend();
      // The relay finds that it takes too long.
      void service.context.credentials
        .findByEmail(account.email)
        .then(async (pending) => credentialDelivery(service.context)(pending!))
        .then(() => res.writeHead(200, { 'Content-Type': 'application/json' }).end('{"state":"absent"}'));
    };
    expect((await service.register(account)).status).toBe(201);
    expect((await service.login({ email: account.email, password: account.password })).status).toBe(200);
  });

  test('is left to who has carried it on', async () => {
    const { account, id } = await halfMade(true, 0);
    // The relay has read it when somebody else takes it over.
    const { credentials } = service.context;
    const read = (await service.credentials()).find(({ _id }) => String(_id) === id);
    await credentials.takeOver(read as unknown as Credential);
    const deliver = credentialDelivery(service.context);
    expect(await deliver(read as unknown as Credential)).toBe('absent');
    expect(service.userService.usernames()).toContain(account.username);
    expect((await service.register(account)).status).toBe(201);
  });
});

describe('a registration that failed after user-service had made the profile', () => {
  test('frees email and username as soon as user-service can be told', async () => {
    service.userService.faults.after = (req) => {
      service.userService.faults.after = undefined;
      service.userService.faults.before = breaks;
      req.socket.destroy();
    };
    const account = newAccount();
    expect((await service.register(account)).status).toBe(503);
    expect(service.userService.usernames()).toContain(account.username);
    service.userService.mend();
    await until(async () => (await inState('withdrawing')).length === 0);
    expect(service.userService.usernames()).not.toContain(account.username);
    const { username } = account;
    expect((await service.register({ ...newAccount(), username })).status).toBe(201);
  });
});
