import { createHash } from 'node:crypto';
import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import {
  buildAccount,
  dropsConnection,
  neverAnswers,
  mailsTo,
  statuses,
  tokenIn,
  waitForMails,
} from '@polyglot-notes/service-kit/testing';
import bcrypt from 'bcryptjs';
import { readConfig } from '../src/config.ts';
import { createContext } from '../src/context.ts';
import { relayPollMs, startService, deactivated } from './service.ts';

let service: Awaited<ReturnType<typeof startService>>;
beforeAll(async () => {
  service = await startService();
});
afterAll(() => service.close());
afterEach(() => {
  service.userService.recover();
  service.time.now = undefined;
});

async function newUser() {
  const account = buildAccount();
  const { body } = await service.register(account);
  const id: string = body.user.id;
  const token: string = body.accessToken;
  return { ...account, id, token };
}

/** The tokens of as many reset mails, the oldest first, after `skip` others. */
async function tokensFor(email: string, count = 1, skip = 0): Promise<string[]> {
  for (let i = 1; i <= count; i++) {
    await service.forgot({ email });
    await resetMails(email, skip + i);
  }
  return (await resetMails(email, skip + count)).slice(skip).map(tokenIn);
}

const resetMails = (email: string, count: number) => waitForMails(email, count, 'Choose a new password');

const revoked = { status: 401, code: 'token_revoked' };

const canLogIn = async (email: string, password: string) =>
  (await service.login({ email, password })).status === 200;
const invalidToken = { status: 400, code: 'invalid_reset_token' };

describe('requesting a password reset', () => {
  test('sends a mail with a token and a link on lines of their own, and the token only in the fragment', async () => {
    const { email } = await newUser();
    const answer = await service.forgot({ email: ` ${email.toUpperCase()}` });
    expect([answer.status, answer.text]).toEqual([202, '']);
    const [mail] = await waitForMails(email, 1);
    const token = tokenIn(mail!);
    const link = `https://notes.example.com/reset-password#token=${token}`;
    expect(mail!.subject).toBe('Choose a new password');
    expect(mail!.text.split(/\r?\n/)).toEqual(expect.arrayContaining([link, token]));
    expect(mail!.html).toContain(`<a href="${link}">Choose a new password</a>`);
  });

  test('gives the same answer for an unknown email and sends nothing', async () => {
    const { email } = buildAccount();
    const answer = await service.forgot({ email });
    expect([answer.status, answer.text]).toEqual([202, '']);
    await service.mailsSettled();
    expect(await mailsTo(email)).toEqual([]);
  });

  test('sends nothing to a deactivated account', async () => {
    const { email, id } = await newUser();
    await service.putAccount(id, deactivated);
    expect((await service.forgot({ email })).status).toBe(202);
    await service.mailsSettled();
    expect((await mailsTo(email)).map(({ subject }) => subject)).toEqual(['Your account was deactivated']);
  });

  test.each([
    ['no email', {}],
    ['an operator', { email: { $ne: '' } }],
    ['no email address', { email: 'nobody' }],
    ['an unknown field', { email: 'a@example.com', redirect: 'https://evil.example' }],
  ])('refuses %s', async (_what, body) => {
    expect((await service.forgot(body)).body).toMatchObject({ status: 400, code: 'validation_failed' });
  });

  test('answers before the mail is sent, which is repeated until the mail server is available', async () => {
    const { email } = await newUser();
    service.wayToMail.disconnect();
    try {
      expect((await service.forgot({ email })).status).toBe(202);
    } finally {
      service.wayToMail.recover();
    }
    expect(await mailsTo(email)).toEqual([]);
    await waitForMails(email, 1);
  });

  test('stores only the hash of the token', async () => {
    const { email } = await newUser();
    const [token = ''] = await tokensFor(email);
    const stored = (await service.credentials()).find((credential) => credential['email'] === email);
    expect(JSON.stringify(stored)).not.toContain(token);
    expect(stored?.['passwordResets']).toEqual([
      {
        hash: createHash('sha256').update(token).digest('base64url'),
        expiresAt: expect.any(Date),
      },
    ]);
  });

  test('adds nothing while a mail waits, and the newest two tokens are valid', async () => {
    const { email } = await newUser();
    service.wayToMail.disconnect();
    try {
      for (let i = 0; i < 3; i++) await service.forgot({ email });
      await service.context.background.settled();
    } finally {
      service.wayToMail.recover();
    }
    await waitForMails(email, 1);
    await tokensFor(email, 2, 1);
    const [first = '', second = ''] = (await mailsTo(email)).map(tokenIn);
    const password = 'new correct horse';
    expect((await service.reset(first, { password })).body).toMatchObject(invalidToken);
    expect((await service.reset(second, { password })).status).toBe(204);
  });
});

describe('setting a new password with a token', () => {
  test('works once', async () => {
    const { email, password } = await newUser();
    const [token = ''] = await tokensFor(email);
    const answer = await service.reset(token, { password: 'new correct horse' });
    expect([answer.status, answer.text]).toEqual([204, '']);
    expect(await canLogIn(email, 'new correct horse')).toBe(true);
    expect(await canLogIn(email, password)).toBe(false);
    expect((await service.reset(token, { password: 'third correct horse' })).body).toMatchObject(
      invalidToken,
    );
    expect(await canLogIn(email, 'new correct horse')).toBe(true);
  });

  test('confirms the email, which received the token, and user-service applies it', async () => {
    const { email, id } = await newUser();
    const [token = ''] = await tokensFor(email);
    expect((await service.reset(token, { password: 'new correct horse' })).status).toBe(204);
    const { body } = await service.login({ email, password: 'new correct horse' });
    expect(body.user.emailVerified).toBe(true);
    expect(service.userService.profile(id)).toMatchObject({ emailVerified: true });
  });

  test('succeeds for one of eight requests at once', async () => {
    const { email } = await newUser();
    const [token = ''] = await tokensFor(email);
    const answers = await Promise.all(
      Array.from({ length: 8 }, (_, i) => service.reset(token, { password: `correct horse ${i}` })),
    );
    expect(statuses(answers)).toEqual([204, 400, 400, 400, 400, 400, 400, 400]);
    const winner = answers.findIndex(({ status }) => status === 204);
    expect(await canLogIn(email, `correct horse ${winner}`)).toBe(true);
  });

  test('works for 15 minutes', async () => {
    const { email } = await newUser();
    const start = service.stopClock();
    const [early = '', late = ''] = await tokensFor(email, 2);
    service.time.now = new Date(start.getTime() + 15 * 60_000);
    expect((await service.reset(late, { password: 'new correct horse' })).body).toMatchObject(invalidToken);
    service.time.now = new Date(start.getTime() + 15 * 60_000 - 1);
    expect((await service.reset(early, { password: 'new correct horse' })).status).toBe(204);
  });

  test('removes the other tokens of the account', async () => {
    const { email } = await newUser();
    const [one = '', two = ''] = await tokensFor(email, 2);
    expect((await service.reset(one, { password: 'new correct horse' })).status).toBe(204);
    expect((await service.reset(two, { password: 'third correct horse' })).body).toMatchObject(invalidToken);
  });

  test.each([
    ['too short', 'short', 'password_length'],
    ['common', 'password1', 'password_common'],
    ['the email', (user: { email: string }) => user.email.toUpperCase(), 'password_personal'],
    ['the username', (user: { username: string }) => user.username, 'password_personal'],
  ])('refuses one that is %s, and the token still works', async (_what, given, code) => {
    const user = await newUser();
    const [token = ''] = await tokensFor(user.email);
    const password = typeof given === 'string' ? given : given(user);
    expect((await service.reset(token, { password })).body).toMatchObject({
      status: 400,
      code: 'validation_failed',
      errors: [{ path: 'body.password', code }],
    });
    expect((await service.reset(token, { password: 'new correct horse' })).status).toBe(204);
  });

  test('refuses the email without a call of another service', async () => {
    const { email } = await newUser();
    const [token = ''] = await tokensFor(email);
    let calls = 0;
    service.userService.faults.before = (...call: Parameters<typeof dropsConnection>) => {
      calls++;
      return dropsConnection(...call);
    };
    expect((await service.reset(token, { password: email })).body).toMatchObject({
      errors: [{ path: 'body.password', code: 'password_personal' }],
    });
    expect(calls).toBe(0);
  });

  test.each(['x', 'a'.repeat(43), 'a'.repeat(5_000), '%24ne', '%F0%9F%98%80', '[$ne]'])(
    'refuses the token %s',
    async (token) => {
      expect((await service.reset(token, { password: 'new correct horse' })).body).toMatchObject(
        invalidToken,
      );
    },
  );

  test('is refused when the account was deactivated meanwhile', async () => {
    const { email, id } = await newUser();
    const [token = ''] = await tokensFor(email);
    await service.putAccount(id, deactivated);
    expect((await service.reset(token, { password: 'new correct horse' })).body).toMatchObject(invalidToken);
  });

  test('works while user-service is unavailable', async () => {
    const { email } = await newUser();
    const [token = ''] = await tokensFor(email);
    service.userService.faults.before = dropsConnection;
    expect((await service.reset(token, { password: 'new correct horse' })).status).toBe(204);
  });
});

describe('changing the password', () => {
  const change = (token: string, currentPassword: unknown, newPassword: unknown) =>
    service.updatePassword(token, { currentPassword, newPassword });

  test('requires the current password and returns a new token', async () => {
    const { email, password, token } = await newUser();
    const wrong = await change(token, 'wrong horse', 'new correct horse');
    expect(wrong.body).toMatchObject({
      status: 401,
      code: 'invalid_credentials',
      detail: 'The current password is wrong.',
    });
    expect(await canLogIn(email, password)).toBe(true);

    const { status, body } = await change(token, password, 'new correct horse');
    expect(status).toBe(200);
    expect(body).toEqual({
      accessToken: expect.any(String),
      refreshToken: expect.any(String),
      tokenType: 'Bearer',
      expiresIn: 900,
    });
    expect([await canLogIn(email, 'new correct horse'), await canLogIn(email, password)]).toEqual([
      true,
      false,
    ]);
    expect((await change(body.accessToken, 'new correct horse', 'third correct horse')).status).toBe(200);
  });

  test('does not confirm the email', async () => {
    const { email, password, token } = await newUser();
    expect((await change(token, password, 'new correct horse')).status).toBe(200);
    const { body } = await service.login({ email, password: 'new correct horse' });
    expect(body.user.emailVerified).toBe(false);
  });

  test('removes the mailed tokens', async () => {
    const { email, password, token } = await newUser();
    const [mailed = ''] = await tokensFor(email);
    expect((await change(token, password, 'new correct horse')).status).toBe(200);
    expect((await service.reset(mailed, { password: 'third correct horse' })).body).toMatchObject(
      invalidToken,
    );
  });

  test('succeeds for one of eight requests at once', async () => {
    const { email, password, token } = await newUser();
    const answers = await Promise.all(
      Array.from({ length: 8 }, (_, i) => change(token, password, `correct horse ${i}`)),
    );
    expect(statuses(answers)).toEqual([200, 401, 401, 401, 401, 401, 401, 401]);
    const winner = answers.findIndex(({ status }) => status === 200);
    expect(await canLogIn(email, `correct horse ${winner}`)).toBe(true);
  });

  test.each([
    ['no current password', { newPassword: 'new correct horse' }, 'body.currentPassword', undefined],
    ['a short one', { currentPassword: 'x', newPassword: 'short' }, 'body.newPassword', 'password_length'],
    [
      'an operator',
      { currentPassword: { $ne: '' }, newPassword: 'new correct horse' },
      'body.currentPassword',
      undefined,
    ],
  ])('refuses %s', async (_what, body, path, code) => {
    const { token } = await newUser();
    expect((await service.updatePassword(token, body)).body).toMatchObject({
      status: 400,
      errors: [{ path, ...(code && { code }) }],
    });
  });

  test('refuses the username', async () => {
    const { username, password, token } = await newUser();
    expect((await change(token, password, username.toUpperCase())).body).toMatchObject({
      errors: [{ path: 'body.newPassword', code: 'password_personal' }],
    });
  });

  test('refuses a token of an account that is deactivated, erased or has another role', async () => {
    const { id, email, password, token } = await newUser();
    const decide = (accountVersion: number, role: string, status: string, accessRevocations: number) =>
      service.putAccount(id, { accountVersion, role, status, accessRevocations, sessionRevocations: 0 });
    await decide(2, 'admin', 'active', 1);
    expect((await change(token, password, 'new correct horse')).body).toMatchObject(revoked);
    const { body: promoted } = await service.login({ email, password });
    await decide(3, 'user', 'deactivated', 2);
    expect((await change(promoted.accessToken, password, 'new correct horse')).body).toMatchObject(revoked);
    await decide(4, 'admin', 'active', 2);
    expect((await change(promoted.accessToken, password, 'new correct horse')).body).toMatchObject(revoked);
    const { body: restored } = await service.login({ email, password });
    expect((await change(restored.accessToken, password, 'new correct horse')).status).toBe(200);
    await service.erase(id);
    expect(
      (await change(restored.accessToken, 'new correct horse', 'third correct horse')).body,
    ).toMatchObject(revoked);
  });
});

describe('a password in another Unicode form', () => {
  const composed = 'se\u00f1or caf\u00e9 1';
  const other = 'sen\u0303or\u00a0cafe\u0301\u30001';

  test('is the same password in every call', async () => {
    const account = { ...buildAccount(), password: composed };
    expect((await service.register(account)).status).toBe(201);
    const { body } = await service.login({ email: account.email, password: other });
    const newEmail = buildAccount().email;
    const change = { currentPassword: other, newEmail };
    expect((await service.changeEmail(body.accessToken, change)).status).toBe(202);
    const [mail] = await waitForMails(newEmail, 1);
    expect((await service.verifyEmail({ token: tokenIn(mail!), password: other })).status).toBe(204);
    const update = { currentPassword: other, newPassword: 'plain old horse' };
    expect((await service.updatePassword(body.accessToken, update)).status).toBe(200);
    const [token = ''] = await tokensFor(newEmail);
    expect((await service.reset(token, { password: other })).status).toBe(204);
    expect(await canLogIn(newEmail, composed)).toBe(true);
  });

  test('resumes an interrupted registration', async () => {
    const account = { ...buildAccount(), password: composed };
    await service.register(account);
    await service.context.db
      .collection('credentials')
      .updateOne({ email: account.email }, { $set: { state: 'pending' } });
    expect((await service.register({ ...account, password: other })).status).toBe(201);
  });

  test('still fits a hash of the form in which it was typed', async () => {
    const { email } = await newUser();
    const hash = await bcrypt.hash(other, 4);
    await service.context.db.collection('credentials').updateOne({ email }, { $set: { passwordHash: hash } });
    expect(await canLogIn(email, other)).toBe(true);
    expect(await canLogIn(email, composed)).toBe(false);
    const { passwords } = service.context;
    const beyond = 'e\u0301'.repeat(24);
    expect(await passwords.matches(`${beyond}e\u0301`, await bcrypt.hash(beyond, 4))).toBe(false);
  });
});

test.each([
  ['the current one', (current: string) => current],
  ['the current one in another Unicode form', (current: string) => current.normalize('NFD')],
])('a new password that is %s is refused, and the token still works', async (_what, given) => {
  const account = { ...buildAccount(), password: 'se\u00f1or caf\u00e9 1' };
  const { body: registered } = await service.register(account);
  const password = given(account.password);
  const unchanged = { status: 400, code: 'password_unchanged' };
  const [token = ''] = await tokensFor(account.email);
  expect((await service.reset(token, { password })).body).toMatchObject(unchanged);
  const update = { currentPassword: account.password, newPassword: password };
  expect((await service.updatePassword(registered.accessToken, update)).body).toMatchObject(unchanged);
  expect(
    (await service.updatePassword(registered.accessToken, { ...update, currentPassword: 'wrong horse' }))
      .body,
  ).toMatchObject({ code: 'invalid_credentials' });
  expect((await service.reset(token, { password: 'new correct horse' })).status).toBe(204);
});

describe('a new password', () => {
  const ways: [string, (user: Awaited<ReturnType<typeof newUser>>) => Promise<number>][] = [
    [
      'that is changed with the current one',
      async ({ password, token }) =>
        (await service.updatePassword(token, { currentPassword: password, newPassword: 'new correct horse' }))
          .status,
    ],
    [
      'that is set with a mailed token',
      async ({ email }) => {
        const [mailed = ''] = await tokensFor(email);
        return (await service.reset(mailed, { password: 'new correct horse' })).status;
      },
    ],
  ];

  test.each(ways)('%s revokes all earlier tokens in every service', async (_what, setPassword) => {
    const user = await newUser();
    expect([200, 204]).toContain(await setPassword(user));
    const change = { currentPassword: 'new correct horse', newPassword: 'third correct horse' };
    expect((await service.updatePassword(user.token, change)).body).toMatchObject(revoked);
    expect(await service.minVerOf(user.id)).toBe(2);
    // user-service was notified before the answer.
    expect(service.userService.profile(user.id)).toMatchObject({ accessVersion: 2, profileVersion: 2 });
    const { body } = await service.login({ email: user.email, password: 'new correct horse' });
    expect((await service.updatePassword(body.accessToken, change)).status).toBe(200);
  });

  test.each([
    ['is unavailable', { before: dropsConnection }],
    ['hangs', { before: neverAnswers }],
    ['applies it and the answer is lost', { after: dropsConnection }],
  ])('is stored while user-service %s, and is delivered later', async (_what, fault) => {
    const user = await newUser();
    Object.assign(service.userService.faults, fault);
    const change = { currentPassword: user.password, newPassword: 'new correct horse' };
    expect((await service.updatePassword(user.token, change)).status).toBe(200);
    expect(await canLogIn(user.email, 'new correct horse')).toBe(true);
    service.userService.recover();
    await service.allDelivered();
    expect(service.userService.profile(user.id)).toMatchObject({ accessVersion: 2, profileVersion: 2 });
  });

  test('is not confirmed by the confirmation of an earlier one', async () => {
    const user = await newUser();
    const { credentials, passwordChanges, deliveries } = service.context;
    const read = (await credentials.findByEmail(user.email))!;
    const first = (await passwordChanges.change(read, 'x', {}))!;
    const second = (await passwordChanges.change(first, 'y', {}))!;
    await deliveries.confirm(first);
    expect(await deliveries.count(undefined)).toBe(1);
    await deliveries.confirm(second);
    expect(await deliveries.count(undefined)).toBe(0);
  });

  test('parks the delivery when user-service stores a later profile, until it is redelivered', async () => {
    const user = await newUser();
    service.userService.storeVersion(user.id, 7);
    const change = { currentPassword: user.password, newPassword: 'new correct horse' };
    expect((await service.updatePassword(user.token, change)).status).toBe(200);
    expect(
      await service.context.deliveries.page(true, { after: undefined, offset: 0, limit: 9 }),
    ).toMatchObject([
      { _id: user.id, delivery: { fault: 'user-service stores a different or later profile' } },
    ]);
    await service.redeliver(user.id, 7);
    await service.allDelivered();
    expect(service.userService.profile(user.id)).toMatchObject({ profileVersion: 8, accessVersion: 2 });
  });

  test('is delivered by two instances on the same data, and none is missed', async () => {
    const other = await createContext(readConfig(service.environment), { relayPollMs });
    const users = [];
    for (let i = 0; i < 10; i++) users.push(await newUser());
    service.userService.faults.before = dropsConnection;
    await Promise.all(
      users.map(({ token, password }) =>
        service.updatePassword(token, { currentPassword: password, newPassword: 'new correct horse' }),
      ),
    );
    service.userService.recover();
    await service.allDelivered();
    for (const { id } of users)
      expect(service.userService.profile(id)).toMatchObject({ profileVersion: 2, accessVersion: 2 });
    await other.close();
  });
});
