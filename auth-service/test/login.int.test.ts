import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import request from 'supertest';
import { createPasswordHasher } from '../src/passwords/password-hasher.ts';
import { decodeJwt } from './jwt.ts';
import { buildAccount, tokenIn, waitForMails } from '@polyglot-notes/service-kit/testing';
import { parseAdminArguments, runAdminCommand } from '../src/passwords/admin-command.ts';
import { deactivated, startService } from './service.ts';

let service: Awaited<ReturnType<typeof startService>>;
beforeAll(async () => {
  service = await startService();
});
afterAll(() => service.close());

describe('logging in', () => {
  test('gives the same answer for an unknown email and a wrong password', async () => {
    const account = buildAccount();
    await service.register(account);
    const wrong = await service.login({ email: account.email, password: 'wrong horse' });
    const unknown = await service.login({ email: buildAccount().email, password: account.password });
    const { requestId: _wrongId, ...wrongBody } = wrong.body;
    const { requestId: _unknownId, ...unknownBody } = unknown.body;
    expect(wrongBody).toMatchObject({
      type: 'https://notes.example.com/problems#invalid_credentials',
      status: 401,
      code: 'invalid_credentials',
    });
    expect(unknownBody).toEqual(wrongBody);
    expect(wrong.headers['www-authenticate']).toBe('Bearer');
  });

  test.each([
    ['an operator for a password', { email: 'a@example.com', password: { $ne: null } }],
    ['no password', { email: 'a@example.com' }],
    ['an invalid email', { email: 'nobody', password: 'correct horse' }],
    ['an unknown field', { email: 'a@example.com', password: 'correct horse', remember: true }],
  ])('refuses %s', async (_what, body) => {
    expect((await service.login(body)).body).toMatchObject({ status: 400, code: 'validation_failed' });
  });

  test('returns a token with the claims that services use', async () => {
    const account = buildAccount();
    const { body: registered } = await service.register(account);
    const response = await service.login({ email: account.email.toUpperCase(), password: account.password });
    expect(response.status).toBe(200);
    expect(response.body).toEqual({
      user: { id: registered.user.id, email: account.email, emailVerified: false, role: 'user' },
      accessToken: expect.any(String),
      refreshToken: expect.stringMatching(/^[A-Za-z0-9_-]{65}$/),
      tokenType: 'Bearer',
      expiresIn: 900,
    });
    const { header, claims } = decodeJwt(response.body.accessToken);
    expect(header).toEqual({ alg: 'RS256', typ: 'at+jwt', kid: expect.any(String) });
    expect(Object.keys(claims).toSorted()).toEqual([
      'aud',
      'exp',
      'iat',
      'iss',
      'jti',
      'role',
      'sid',
      'sub',
      'ver',
    ]);
    expect(claims).toMatchObject({ sub: registered.user.id, role: 'user', exp: Number(claims['iat']) + 900 });
  });

  test('does not block other requests', async () => {
    const hasher = await createPasswordHasher(10);
    let done = 0;
    const hashes = Array.from({ length: 20 }, async () => {
      await hasher.hash('correct horse');
      done++;
    });
    await request(service.server).get('/.well-known/jwks.json');
    expect(done).toBeLessThan(10);
    await Promise.all(hashes);
    await hasher.close();
  });
});

type Server = typeof service.server;

/** Logs in from an address, with a wrong password unless one is given. */
const logInFrom = (
  address: string,
  email: string,
  password = 'wrong horse',
  server: Server = service.server,
) => request(server).post('/api/auth/login').set('X-Forwarded-For', address).send({ email, password });

async function registerFrom(address: string) {
  const account = buildAccount();
  const { body } = await request(service.server)
    .post('/api/auth/register')
    .set('X-Forwarded-For', address)
    .send(account);
  return { ...account, id: body.user.id as string, tokens: body };
}

/** Sends so many wrong passwords one after another, each from another address. */
async function fail(email: string, times: number, address = (index: number) => `198.51.100.${index}`) {
  const answers = [];
  for (let index = 1; index <= times; index++) answers.push(await logInFrom(address(index), email));
  return answers.map(({ status, body: { requestId: _requestId, ...body }, headers }) => ({
    status,
    body,
    retryAfter: headers['retry-after'],
  }));
}

const lockMail = 'Logins to your account are locked for a while';

async function resetFrom(address: string, email: string, password: string) {
  await service.forgot({ email });
  await useMail('Choose a new password', address, email, password);
}

async function useMail(subject: string, address: string, email: string, password: string) {
  const [mail] = await waitForMails(email, 1, subject);
  const answer = await service.reset(tokenIn(mail!), { password }).set('X-Forwarded-For', address);
  expect(answer.status).toBe(204);
}

const minutes = (count: number) => count * 60_000;
const later = (ms: number) => (service.time.now = new Date(service.time.now!.getTime() + ms));

describe('guessing a password', () => {
  afterEach(() => {
    service.time.now = undefined;
  });

  test('from 50 addresses at two instances gets 10 attempts; a known device and a reset get in', async () => {
    const owner = await registerFrom('2001:db8:1:1::1');
    const other = await service.startInstance();
    const guesses = await Promise.all(
      Array.from({ length: 100 }, (_, index) =>
        logInFrom(
          `203.0.113.${index % 50}`,
          owner.email,
          'wrong horse',
          index % 2 === 0 ? service.server : other.server,
        ),
      ),
    );
    const refused = guesses.filter(({ status }) => status === 429);
    expect(guesses.filter(({ status }) => status === 401)).toHaveLength(10);
    expect(refused).toHaveLength(90);
    expect(refused[0]!.body).toMatchObject({ code: 'login_locked' });

    await other.close();
    const restarted = await service.startInstance();
    const right = (address: string, password = owner.password) =>
      logInFrom(address, owner.email, password, restarted.server);
    expect((await right('2001:db8:1:2::1')).status).toBe(429);
    expect((await right('2001:db8:1:1:ffff::1')).status).toBe(200);

    await useMail(lockMail, '198.51.100.9', owner.email, 'new correct horse');
    expect((await right('192.0.2.77', 'new correct horse')).status).toBe(200);
    await fail(owner.email, 11);
    expect((await right('192.0.2.78', 'new correct horse')).status).toBe(429);
    expect((await right('198.51.100.9', 'new correct horse')).status).toBe(200);
    await restarted.close();
  });

  test('is refused alike for known and unknown emails in any case, with answers that are held longer', async () => {
    service.stopClock();
    const spellings = (email: string) => [email, email.toUpperCase(), ` ${email}\t`];
    const attack = async (email: string) => {
      service.holds.length = 0;
      const answers = [];
      for (let round = 0; round < 4; round++)
        for (const spelling of spellings(email)) answers.push(...(await fail(spelling, 1)));
      return { answers, holds: [...service.holds] };
    };
    const known = await attack((await registerFrom('192.0.2.1')).email);
    expect(await attack(buildAccount().email)).toEqual(known);
    expect(known.holds).toEqual([0, 0, 0, 0, 100, 200, 400, 800, 1_600, 2_000]);
    expect(known.answers.map(({ status }) => status)).toEqual([...Array(10).fill(401), 429, 429]);
    expect(known.answers.at(-1)!.retryAfter).toBe('60');
  });

  test('gets one attempt after each lock, which lasts twice as long and at most five minutes', async () => {
    const { email, password } = await registerFrom('192.0.2.1');
    service.stopClock();
    await fail(email, 10);
    const waits = [];
    for (let round = 0; round < 7; round++) {
      const [refused] = await fail(email, 1);
      waits.push(Number(refused!.retryAfter));
      later(Number(refused!.retryAfter) * 1_000);
      expect(await fail(email, 1)).toMatchObject([{ status: 401 }]);
    }
    expect(waits).toEqual([60, 120, 240, 300, 300, 300, 300]);
    later(minutes(5));
    expect((await logInFrom('192.0.2.2', email, password)).status).toBe(200);
  });

  test('is forgotten a day after the last failure', async () => {
    const { email } = buildAccount();
    service.stopClock();
    await fail(email, 9);
    later(24 * minutes(60) - 1_000);
    expect(await fail(email, 2)).toMatchObject([{ status: 401 }, { status: 429 }]);
    later(24 * minutes(60));
    expect((await fail(email, 11)).map(({ status }) => status)).toEqual([...Array(10).fill(401), 429]);
  });

  test('is forgiven by a login from a new device, but not by one from a known device', async () => {
    const { email, password } = await registerFrom('192.0.2.1');
    await fail(email, 9);
    expect((await logInFrom('192.0.2.2', email, password)).status).toBe(200);
    expect((await fail(email, 9)).at(-1)).toMatchObject({ status: 401 });
    expect((await logInFrom('192.0.2.2', email, password)).status).toBe(200);
    expect((await fail(email, 2)).map(({ status }) => status)).toEqual([401, 429]);
  });

  test('from a known device locks only this device, until a reset', async () => {
    const owner = await registerFrom('192.0.2.1');
    const fromHome = await fail(owner.email, 11, () => '192.0.2.1');
    expect(fromHome.at(-1)).toMatchObject({ status: 429 });
    expect((await logInFrom('192.0.2.1', owner.email, owner.password)).status).toBe(429);
    expect((await logInFrom('192.0.2.2', owner.email, owner.password)).status).toBe(200);
    await resetFrom('192.0.2.3', owner.email, 'new correct horse');
    expect((await logInFrom('192.0.2.1', owner.email, 'new correct horse')).status).toBe(200);
  });

  test('locks out a device that has only refreshed a session, because a refresh token may be stolen', async () => {
    const { email, password, tokens } = await registerFrom('192.0.2.1');
    await service.refresh(tokens.refreshToken).set('X-Forwarded-For', '192.0.2.50');
    await fail(email, 10);
    expect((await logInFrom('192.0.2.50', email, password)).status).toBe(429);
  });

  test('locks out the devices of a thief whose password the owner has replaced', async () => {
    const { email, password } = await registerFrom('192.0.2.1');
    await logInFrom('192.0.2.66', email, password);
    await resetFrom('192.0.2.3', email, 'new correct horse');
    await fail(email, 10);
    const from = async (address: string) => (await logInFrom(address, email, 'new correct horse')).status;
    expect([await from('192.0.2.66'), await from('192.0.2.3')]).toEqual([429, 200]);
  });

  test('of many emails locks the network for all of them, and right passwords do not count', async () => {
    const { email, password } = await registerFrom('192.0.2.1');
    service.stopClock();
    const instance = await service.startInstance({ LOGIN_NETWORK_LOCK_MAX: '3' });
    const from = async (address: string, ...login: [] | [string, string]) => {
      const [to = buildAccount().email, typed = 'wrong horse'] = login;
      return (await logInFrom(address, to, typed, instance.server)).status;
    };
    const counters = () => service.context.db.collection('loginCounters').countDocuments();
    const before = await counters();
    for (let round = 0; round < 4; round++) expect(await from('2001:db8:2:1::1', email, password)).toBe(200);
    expect(await counters()).toBe(before);
    for (let host = 1; host <= 3; host++) expect(await from(`2001:db8:2:1::${host}`)).toBe(401);
    expect(await from('2001:db8:2:1::9', email, password)).toBe(429);
    expect(await from('2001:db8:2:2::1')).toBe(401);
    later(minutes(60));
    for (let host = 1; host <= 3; host++) expect(await from(`2001:db8:2:1::${host}`)).toBe(401);
    await instance.close();
  });

  test('is not counted when both maxima are 0', async () => {
    const { email } = buildAccount();
    const counters = service.context.db.collection('loginCounters');
    const before = await counters.countDocuments();
    const instance = await service.startInstance({ LOGIN_LOCK_MAX: '0', LOGIN_NETWORK_LOCK_MAX: '0' });
    for (let count = 0; count < 12; count++)
      expect((await logInFrom('198.18.0.1', email, 'wrong horse', instance.server)).status).toBe(401);
    expect(await counters.countDocuments()).toBe(before);
    await instance.close();
  });

  test('of an open session is counted apart from logins', async () => {
    const { email, password, tokens } = await registerFrom('192.0.2.1');
    await fail(email, 10);
    const change = (currentPassword: string) =>
      service.updatePassword(tokens.accessToken, { currentPassword, newPassword: 'new correct horse' });
    for (let count = 0; count < 10; count++) expect((await change('wrong horse')).status).toBe(401);
    const newEmail = buildAccount().email;
    const moved = await service.changeEmail(tokens.accessToken, { currentPassword: password, newEmail });
    expect(moved.body).toMatchObject({ status: 429, code: 'login_locked' });
    expect((await change(password)).status).toBe(429);
    expect((await logInFrom('192.0.2.1', email, password)).status).toBe(200);
    await resetFrom('192.0.2.1', email, 'another correct horse');
    const { body } = await logInFrom('192.0.2.9', email, 'another correct horse');
    const update = { currentPassword: 'another correct horse', newPassword: 'new correct horse' };
    expect((await service.updatePassword(body.accessToken, update)).status).toBe(200);
  });

  test('leaves no email or address in the database, and nothing after the erasure of the account', async () => {
    const { id, email } = await registerFrom('192.0.2.211');
    await fail(email, 1, () => '192.0.2.211');
    await fail(email, 1, () => '198.51.100.211');
    const stored = async (filter = {}) => [
      ...(await service.context.db.collection('loginCounters').find(filter).toArray()),
      ...(await service.context.db.collection('knownDevices').find(filter).toArray()),
    ];
    expect(await stored({ userId: id })).toHaveLength(2);
    const text = JSON.stringify(await stored());
    for (const typed of [email, '192.0.2.211', '198.51.100.211']) expect(text).not.toContain(typed);
    const before = (await stored()).length;
    await service.erase(id);
    expect(await stored({ userId: id })).toEqual([]);
    expect(await stored()).toHaveLength(before - 3);
  });
});

test('an account has at most fifty known devices, those that were used last', async () => {
  const { id: userId } = await registerFrom('192.0.2.1');
  const { knownDevices, db } = service.context;
  const devices = db.collection<{ _id: string; userId: string; expiresAt: Date }>('knownDevices');
  await devices.insertMany(
    Array.from({ length: 49 }, (_, index) => ({
      _id: `${userId} ${index}`,
      userId,
      // The registration is older than all of these but the first.
      expiresAt: new Date(Date.now() + (index === 0 ? 1 : 100) * 24 * minutes(60)),
    })),
  );
  await knownDevices.remember(userId, '192.0.2.2');
  expect(await devices.countDocuments({ userId })).toBe(50);
  const known = ['192.0.2.1', '192.0.2.2'].map((address) => knownDevices.has({ _id: userId }, address));
  expect(await Promise.all(known)).toEqual([true, true]);
  expect(await devices.findOne({ _id: `${userId} 0` })).toBeNull();
});

test('the owner of a mailbox who takes an account over with another password is not locked, and its devices are unknown', async () => {
  const { id, email } = await registerFrom('192.0.2.1');
  await service.resendVerification({ email });
  const [mail] = await waitForMails(email, 1);
  await fail(email, 10);
  const password = 'correct horse of the owner';
  const taken = await service
    .verifyEmail({ token: tokenIn(mail!), password })
    .set('X-Forwarded-For', '192.0.2.2');
  expect(taken.status).toBe(204);
  const { knownDevices } = service.context;
  const known = ['192.0.2.1', '192.0.2.2'].map((address) => knownDevices.has({ _id: id }, address));
  expect(await Promise.all(known)).toEqual([false, true]);
  expect((await logInFrom('192.0.2.3', email, password)).status).toBe(200);
});

test('a reset is done although the locks of the account cannot be ended', async () => {
  const { email } = await registerFrom('192.0.2.1');
  const { loginCounters } = service.context;
  const before = { ...loginCounters };
  loginCounters.removeAllOf = () => Promise.reject(new Error('the database cannot be reached'));
  try {
    await resetFrom('192.0.2.1', email, 'new correct horse');
  } finally {
    Object.assign(loginCounters, before);
  }
  expect((await logInFrom('192.0.2.1', email, 'new correct horse')).status).toBe(200);
});

test('a login hashes the password again when the cost of bcrypt has changed, and ends nothing', async () => {
  const { email, password, tokens } = await registerFrom('192.0.2.1');
  const hash = async () =>
    (await service.credentials()).find((credential) => credential['email'] === email)!['passwordHash'];
  const before = await hash();
  const costly = await service.startInstance({ BCRYPT_COST: '5' });
  expect((await logInFrom('192.0.2.1', email, 'wrong horse', costly.server)).status).toBe(401);
  expect(await hash()).toBe(before);
  expect((await logInFrom('192.0.2.1', email, password, costly.server)).status).toBe(200);
  await costly.close();
  expect([String(before).slice(0, 7), String(await hash()).slice(0, 7)]).toEqual(['$2b$04$', '$2b$05$']);
  const update = { currentPassword: password, newPassword: 'new correct horse' };
  expect((await service.updatePassword(tokens.accessToken, update)).status).toBe(200);
});

test('the owner gets a mail about a login from a new device, if the setting is on, and can end the session', async () => {
  const quiet = await registerFrom('192.0.2.1');
  await logInFrom('192.0.2.60', quiet.email, quiet.password);
  const { email, password } = await registerFrom('192.0.2.1');
  const warning = await service.startInstance({ NEW_DEVICE_MAILS: 'true' });
  const logins = [1, 60, 60, 60, 60].map((host) =>
    logInFrom(`192.0.2.${host}`, email, password, warning.server),
  );
  const answers = await Promise.all(logins);
  for (const { status } of answers) expect(status).toBe(200);
  const subject = 'A login from a new device';
  const [mail] = await waitForMails(email, 1, subject);
  expect(mail!.text).toContain('address 192.0.2.60');
  await useMail(subject, '192.0.2.1', email, 'new correct horse');
  for (const { body } of answers)
    expect((await service.refresh(body.refreshToken)).body).toMatchObject({ code: 'invalid_refresh_token' });
  await warning.close();
  expect(await waitForMails(quiet.email, 0)).toEqual([]);
});

test('each new device has a mail of its own, also while other mails wait', async () => {
  const { email, password } = await registerFrom('192.0.2.1');
  const warning = await service.startInstance({ NEW_DEVICE_MAILS: 'true' });
  await logInFrom('192.0.2.1', email, password, warning.server);
  service.wayToMail.disconnect();
  for (const host of [61, 62]) await logInFrom(`192.0.2.${host}`, email, password, warning.server);
  service.wayToMail.recover();
  const mails = await waitForMails(email, 2, 'A login from a new device');
  const addresses = mails.map(({ text }) => /address (\d+(?:\.\d+){3})/.exec(text)?.[1]);
  expect(new Set(addresses)).toEqual(new Set(['192.0.2.61', '192.0.2.62']));
  await warning.close();
});

describe('the admin command', () => {
  const run = (...args: string[]) => {
    const given = parseAdminArguments(args);
    if (given === undefined) throw new Error(`not valid: ${args.join(' ')}`);
    const links = { resetPassword: (token: string) => `#token=${token}` };
    return runAdminCommand(given, { ...service.context, links });
  };

  test.each([
    [[]],
    [['unlock']],
    [['unlock', 'nobody']],
    [['unlock', 'a@example.com', 'b']],
    [['erase', 'a@example.com']],
  ])('refuses the arguments %j', (args) => {
    expect(parseAdminArguments(args)).toBeUndefined();
  });

  test('ends the locks of an account', async () => {
    const { email, password } = await registerFrom('192.0.2.1');
    await fail(email, 10);
    expect((await logInFrom('203.0.113.9', email, password)).status).toBe(429);
    expect(await run('unlock', email.toUpperCase())).toContain(email);
    expect((await logInFrom('203.0.113.9', email, password)).status).toBe(200);
  });

  test('prints a link that sets a new password once', async () => {
    const { email } = await registerFrom('192.0.2.1');
    const [, token = ''] = /#token=([\w-]{43})$/.exec(await run('reset-password', email)) ?? [];
    const reset = () => service.reset(token, { password: 'new correct horse' });
    expect((await reset()).status).toBe(204);
    expect((await reset()).body.code).toBe('invalid_reset_token');
    expect((await logInFrom('192.0.2.1', email, 'new correct horse')).status).toBe(200);
  });

  test('refuses an account that does not exist or is not active', async () => {
    await expect(run('unlock', 'nobody@example.com')).rejects.toThrow('There is no account');
    const { id, email } = await registerFrom('192.0.2.1');
    await service.putAccount(id, deactivated);
    await expect(run('reset-password', email)).rejects.toThrow('is not active');
  });
});
