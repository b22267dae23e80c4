import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import {
  buildAccount,
  dropsConnection,
  mailsTo,
  statuses,
  tokenIn,
  until,
  waitForMails,
} from '@polyglot-notes/service-kit/testing';
import { hashOf } from '../src/mail/mailed-token.ts';
import { startService, deactivated } from './service.ts';

let service: Awaited<ReturnType<typeof startService>>;
beforeAll(async () => {
  service = await startService();
});
afterAll(() => service.close());
afterEach(() => {
  service.userService.recover();
  service.time.now = undefined;
});

const invalidToken = { status: 400, code: 'invalid_verification_token' };

async function newUser() {
  const account = buildAccount();
  const { body } = await service.register(account);
  return { ...account, id: String(body.user.id), token: String(body.accessToken) };
}
const logIn = (email: string, password: string) => service.login({ email, password });

async function tokenFor(email: string): Promise<string> {
  await service.resendVerification({ email });
  const [mail] = await waitForMails(email, 1);
  return tokenIn(mail!);
}

/** Requests a new email and returns the token that was mailed there. */
async function askFor(user: Awaited<ReturnType<typeof newUser>>, newEmail = buildAccount().email) {
  const answer = await service.changeEmail(user.token, { currentPassword: user.password, newEmail });
  expect(answer.status).toBe(202);
  const [mail] = await waitForMails(newEmail, 1);
  return { newEmail, token: tokenIn(mail!) };
}

describe('the mails that confirm an email', () => {
  test('say who registered and what confirming does, and link to the page for it', async () => {
    const { email } = await newUser();
    await service.resendVerification({ email });
    const [mail] = await waitForMails(email, 1);
    const link = `https://notes.example.com/verify-email#token=${tokenIn(mail!)}`;
    expect(mail!.text.split(/\r?\n/)).toContain(link);
    expect(mail!.html).toContain(`<a href="${link}">`);
    expect(mail!.text).toContain(`Somebody registered an account with your email ${email}.`);
    expect(mail!.text).toContain('choose a password of your own: the account is then yours');
  });

  test('say that somebody changes an email, and link to the page for that', async () => {
    const user = await newUser();
    const newEmail = buildAccount().email;
    await service.changeEmail(user.token, { currentPassword: user.password, newEmail });
    const [mail] = await waitForMails(newEmail, 1);
    const link = `https://notes.example.com/change-email#token=${tokenIn(mail!)}`;
    expect(mail!.text.split(/\r?\n/)).toContain(link);
    expect(mail!.html).toContain(`<a href="${link}">`);
    expect(mail!.text).toContain(
      `The owner of an account wants to use your email ${newEmail} for it from now on.`,
    );
  });
});

describe('confirming an email', () => {
  test('works once with a mailed token, and user-service applies it', async () => {
    const { id, email, password, token: session } = await newUser();
    const token = await tokenFor(email);
    expect((await service.verifyEmail({ token }, session)).status).toBe(204);
    expect((await logIn(email, password)).body.user).toMatchObject({ email, emailVerified: true });
    expect(service.userService.profile(id)).toMatchObject({ email, emailVerified: true, profileVersion: 2 });
    expect((await service.verifyEmail({ token }, session)).body).toMatchObject(invalidToken);
  });

  test('sends nothing and gives the same answer when there is nothing to confirm', async () => {
    const [confirmed, off] = [await newUser(), await newUser()];
    await service.verifyEmail({ token: await tokenFor(confirmed.email) });
    await service.putAccount(off.id, deactivated);
    for (const email of [confirmed.email, off.email, buildAccount().email]) {
      const answer = await service.resendVerification({ email });
      expect([answer.status, answer.text]).toEqual([202, '']);
    }
    await service.mailsSettled();
    expect(await mailsTo(confirmed.email)).toHaveLength(1);
    expect((await mailsTo(off.email)).map(({ subject }) => subject)).toEqual([
      'Your account was deactivated',
    ]);
  });

  test('works with the newest two tokens', async () => {
    const { email, token: session } = await newUser();
    for (let i = 1; i <= 3; i++) {
      await service.resendVerification({ email });
      await waitForMails(email, i);
    }
    const [first = '', second = ''] = (await mailsTo(email)).map(tokenIn);
    expect((await service.verifyEmail({ token: first }, session)).body).toMatchObject(invalidToken);
    expect((await service.verifyEmail({ token: second }, session)).status).toBe(204);
  });

  test('fails after a day', async () => {
    const { email } = await newUser();
    const start = service.stopClock();
    const token = await tokenFor(email);
    service.time.now = new Date(start.getTime() + 24 * 60 * 60_000);
    expect((await service.verifyEmail({ token })).body).toMatchObject(invalidToken);
    service.time.now = new Date(start.getTime() + 24 * 60 * 60_000 - 1);
    expect((await service.verifyEmail({ token })).status).toBe(204);
  });

  test.each([
    ['no token', {}, 'validation_failed'],
    ['an empty token', { token: '' }, 'validation_failed'],
    ['an operator', { token: { $ne: '' } }, 'validation_failed'],
    ['a token that was never sent', { token: 'x'.repeat(43) }, 'invalid_verification_token'],
  ])('refuses %s', async (_what, body, code) => {
    expect((await service.verifyEmail(body)).body).toMatchObject({ status: 400, code });
  });
});

async function useEmail(prefix: string): Promise<void> {
  const account = buildAccount();
  const email = `${prefix}.${account.email}`;
  const { body } = await service.register({ ...account, email });
  expect((await logIn(email, 'wrong horse')).status).toBe(401);
  const token = await tokenFor(email);
  expect((await service.verifyEmail({ token }, body.accessToken)).status).toBe(204);
  await service.forgot({ email });
  const [, reset] = await waitForMails(email, 2);
  const password = 'new correct horse';
  expect((await service.reset(tokenIn(reset!), { password })).status).toBe(204);
  const session = (await logIn(email, password)).body.accessToken;
  const newEmail = `${prefix}.new.${account.email}`;
  expect((await service.changeEmail(session, { currentPassword: password, newEmail })).status).toBe(202);
  const [change] = await waitForMails(newEmail, 1);
  expect((await service.verifyEmail({ token: tokenIn(change!) })).status).toBe(204);
  expect((await logIn(newEmail, password)).body.user).toMatchObject({ email: newEmail, emailVerified: true });
}

test('emails that begin with $x, $$x and $.x are only text', () =>
  Promise.all(['$x', '$$x', '$.x'].map(useEmail)));

type Member = Awaited<ReturnType<typeof newUser>>;

describe('the owner of a mailbox who confirms the email of a registration', () => {
  const ask = async ({ email }: Member) => ({ email, token: await tokenFor(email) });
  const chosen = 'new correct horse';
  const hasSession = async (token: string) =>
    (await service.changeEmail(token, { currentPassword: 'x', newEmail: buildAccount().email })).body.code !==
    'token_revoked';
  const state = async ({ email, user }: { email: string; user: Member }) => ({
    oldPassword: (await logIn(email, user.password)).status,
    chosenPassword: (await logIn(email, chosen)).status,
    session: await hasSession(user.token),
    accessVersion: service.userService.profile(user.id)?.accessVersion,
    emailVerified: service.userService.profile(user.id)?.emailVerified,
    minVer: await service.minVerOf(user.id),
  });
  const kept = {
    oldPassword: 200,
    chosenPassword: 401,
    session: true,
    accessVersion: 1,
    emailVerified: true,
  };
  const ended = { session: false, accessVersion: 2, emailVerified: true, minVer: 2 };

  test('without a session ends every session and the password, and chooses another by mail', async () => {
    const user = await newUser();
    const { email, token } = await ask(user);
    expect((await service.verifyEmail({ token })).status).toBe(204);
    expect(await state({ email, user })).toEqual({ oldPassword: 401, chosenPassword: 401, ...ended });
    const before = (await mailsTo(email)).length;
    await service.forgot({ email });
    const mailed = tokenIn((await waitForMails(email, before + 1)).at(-1)!);
    expect((await service.reset(mailed, { password: chosen })).status).toBe(204);
    expect((await logIn(email, chosen)).status).toBe(200);
  });

  test('with another password makes it the password and ends every session', async () => {
    const user = await newUser();
    const { email, token } = await ask(user);
    expect((await service.verifyEmail({ token, password: chosen })).status).toBe(204);
    expect(await state({ email, user })).toEqual({ oldPassword: 401, chosenPassword: 200, ...ended });
  });

  test('with the current password ends nothing', async () => {
    const user = await newUser();
    const { email, token } = await ask(user);
    expect((await service.verifyEmail({ token, password: user.password })).status).toBe(204);
    expect(await state({ email, user })).toEqual(kept);
  });

  test('with a session ends nothing, whatever password comes with it', async () => {
    const user = await newUser();
    const { email, token } = await ask(user);
    expect((await service.verifyEmail({ token, password: chosen }, user.token)).status).toBe(204);
    expect(await state({ email, user })).toEqual(kept);
  });

  test('with a session that is invalid, revoked or of another account changes nothing', async () => {
    const [user, other, gone] = [await newUser(), await newUser(), await newUser()];
    await service.putAccount(gone.id, deactivated);
    const { email, token } = await ask(user);
    for (const [session, code] of [
      ['a.b.c', 'unauthenticated'],
      [gone.token, 'token_revoked'],
      [other.token, 'unauthenticated'],
    ] as const)
      expect((await service.verifyEmail({ token, password: chosen }, session)).body).toMatchObject({
        status: 401,
        code,
      });
    expect((await service.verifyEmail({ token }, user.token)).status).toBe(204);
    expect(await state({ email, user })).toEqual(kept);
  });

  test.each([
    ['too short', () => 'short', 'password_length'],
    ['common', () => 'password1', 'password_common'],
    ['the email', ({ email }: { email: string }) => email, 'password_personal'],
    ['the username', ({ user }: { user: Member }) => user.username, 'password_personal'],
  ] as const)(
    'may not choose a password that is %s, and the token still works',
    async (_rule, make, code) => {
      const user = await newUser();
      const { email, token } = await ask(user);
      expect((await service.verifyEmail({ token, password: make({ email, user }) })).body).toMatchObject({
        status: 400,
        code: 'validation_failed',
        errors: [{ path: 'body.password', code }],
      });
      expect((await service.verifyEmail({ token, password: user.password })).status).toBe(204);
      expect(await state({ email, user })).toEqual(kept);
    },
  );
});

test.each([{}, { password: 'new correct horse' }])(
  'a confirmed change of email ends nothing: %j',
  async (body) => {
    const user = await newUser();
    const { newEmail, token } = await askFor(user);
    expect((await service.verifyEmail({ token, ...body })).status).toBe(204);
    expect((await logIn(newEmail, user.password)).status).toBe(200);
    expect(service.userService.profile(user.id)).toMatchObject({ email: newEmail, accessVersion: 1 });
  },
);

test('eight confirmations at once with eight passwords leave the password of the one that succeeds', async () => {
  const { email } = await newUser();
  const token = await tokenFor(email);
  const answers = await Promise.all(
    Array.from({ length: 8 }, (_, i) => service.verifyEmail({ token, password: `correct horse ${i}` })),
  );
  expect(statuses(answers)).toEqual([204, 400, 400, 400, 400, 400, 400, 400]);
  const winner = answers.findIndex(({ status }) => status === 204);
  expect((await logIn(email, `correct horse ${winner}`)).status).toBe(200);
});

describe('requests for mails', () => {
  test.each(['forgot', 'resendVerification'] as const)(
    'are answered before the account is looked up: %s',
    async (request) => {
      const { email } = await newUser();
      const { credentials } = service.context;
      const { findByEmail } = credentials;
      const answered = Promise.withResolvers<void>();
      credentials.findByEmail = async (address) => {
        await answered.promise;
        return findByEmail(address);
      };
      try {
        expect((await service[request]({ email })).status).toBe(202);
      } finally {
        answered.resolve();
        credentials.findByEmail = findByEmail;
      }
      await waitForMails(email, 1);
    },
  );
});

describe('the mails to one address', () => {
  async function forgot(email: string): Promise<void> {
    await service.forgot({ email });
    await service.mailsSettled();
  }
  const most = 8;
  const minutesAfter = (start: Date, minutes: number) => new Date(start.getTime() + minutes * 60_000);

  test('are at most eight within 15 minutes, of all kinds, and half of them for accounts of others', async () => {
    const start = service.stopClock();
    const strangers = await Promise.all([newUser(), newUser(), newUser()]);
    const email = buildAccount().email;
    const tagged = email.replace('@', '+tag@');
    const ask = ({ token, password }: Member, newEmail: string) =>
      service.changeEmail(token, { currentPassword: password, newEmail });
    const sent = async () => [...(await mailsTo(email)), ...(await mailsTo(tagged))].length;
    for (const stranger of strangers)
      for (const to of [email, tagged, email, tagged]) {
        expect((await ask(stranger, to)).status).toBe(202);
        await service.mailsSettled();
      }
    expect(await sent()).toBe(most / 2);

    await service.register({ ...buildAccount(), email });
    for (let i = 0; i < 3; i++) await forgot(email);
    await service.resendVerification({ email });
    await service.mailsSettled();
    expect(await sent()).toBe(6);

    await service.context.db
      .collection('credentials')
      .updateOne({ email }, { $set: { emailVerified: true } });
    for (let i = 0; i < 3; i++) await forgot(email);
    expect(await sent()).toBe(most);

    service.time.now = minutesAfter(start, 15);
    // Those that were too many have waited, and share the next window.
    await until(async () => (await sent()) >= most + most / 2);
  });

  test('always include a valid reset link for a confirmed account, whatever strangers request', async () => {
    const { email } = await newUser();
    const { db, passwordChanges, recipients } = service.context;
    await db.collection('credentials').updateOne({ email }, { $set: { emailVerified: true } });
    const ofStranger = { ...buildAccount(), email: email.replace('@', '+stranger@') };
    expect((await service.register(ofStranger)).status).toBe(201);
    const start = service.stopClock();
    for (const minute of [0, 14, 15, 29, 30, 45, 59]) {
      service.time.now = minutesAfter(start, minute);
      while (await recipients.take(email, 'ofUnconfirmedAccount'));
      for (const to of [ofStranger.email, email, email, email]) await forgot(to);
      const tokens = (await mailsTo(email)).map(tokenIn);
      const found = await Promise.all(tokens.map((token) => passwordChanges.findByReset(hashOf(token))));
      expect([minute, found.some((account) => account?.email === email)]).toEqual([minute, true]);
    }
  });

  test('are counted apart for names that start with a plus sign', async () => {
    const { recipients } = service.context;
    const { email } = buildAccount();
    while (await recipients.take(`+a${email}`, 'ofConfirmedAccount'));
    expect(await recipients.take(`+b${email}`, 'ofConfirmedAccount')).toBe(true);
  });

  test('wait when there are too many, and are not counted when they cannot be sent', async () => {
    const user = await newUser();
    const start = service.stopClock();
    const { recipients, mails } = service.context;
    const waiting = async () => {
      const all = await mails.page(false, { after: undefined, offset: 0, limit: 1_000 });
      return all.filter(({ to }) => to === user.email);
    };
    while (await recipients.take(user.email, 'ofUnconfirmedAccount'));
    await forgot(user.email);
    expect(await mailsTo(user.email)).toEqual([]);
    expect(await waiting()).toEqual([
      expect.objectContaining({
        attempts: 0,
        dueAt: minutesAfter(start, 15),
        fault: 'the recipient has had too many mails',
      }),
    ]);
    await recipients.giveBack(user.email);
    service.wayToMail.disconnect();
    try {
      await service.forgot({ email: user.email });
      await until(async () => (await waiting()).some(({ attempts }) => attempts > 0));
    } finally {
      service.wayToMail.recover();
    }
    service.time.now = undefined;
    await waitForMails(user.email, 1);
  });

  test.each([
    ['always include the notice of a changed email, if it was confirmed', true, 1],
    ['are limited also for the notice of a changed email that was not confirmed', false, 0],
  ])('%s', async (_rule, emailVerified, notices) => {
    const user = await newUser();
    await service.context.db
      .collection('credentials')
      .updateOne({ email: user.email }, { $set: { emailVerified } });
    const { token } = await askFor(user);
    while (await service.context.recipients.take(user.email, 'ofConfirmedAccount'));
    expect((await service.verifyEmail({ token }, user.token)).status).toBe(204);
    await service.mailsSettled();
    expect(await mailsTo(user.email)).toHaveLength(notices);
  });

  test('are counted once each when many are sent at once', async () => {
    const { email } = buildAccount();
    const { recipients } = service.context;
    const taken = await Promise.all(
      Array.from({ length: 20 }, () => recipients.take(email, 'ofConfirmedAccount')),
    );
    expect(taken.filter(Boolean)).toHaveLength(most);
  });
});

describe('a new email', () => {
  test('replaces the current one when it is confirmed, and the previous address gets a notice and is free', async () => {
    const user = await newUser();
    const { newEmail, token } = await askFor(user);
    expect((await logIn(user.email, user.password)).status).toBe(200);
    expect((await service.verifyEmail({ token }, user.token)).status).toBe(204);
    expect((await logIn(newEmail, user.password)).body.user).toEqual({
      id: user.id,
      email: newEmail,
      emailVerified: true,
      role: 'user',
    });
    expect((await logIn(user.email, user.password)).status).toBe(401);
    expect(service.userService.profile(user.id)).toMatchObject({ email: newEmail, emailVerified: true });
    const [notice] = await waitForMails(user.email, 1);
    expect(notice).toMatchObject({
      subject: 'Your email was changed',
      text: expect.stringContaining(newEmail),
    });
    expect((await service.register({ ...buildAccount(), email: user.email })).status).toBe(201);
  });

  test('requires the password', async () => {
    const { token } = await newUser();
    const answer = await service.changeEmail(token, {
      currentPassword: 'wrong horse',
      newEmail: buildAccount().email,
    });
    expect(answer.body).toMatchObject({ status: 401, code: 'invalid_credentials' });
  });

  test('is refused when another account has it, also when that registers before the confirmation', async () => {
    const [user, other] = [await newUser(), await newUser()];
    const body = { currentPassword: user.password, newEmail: other.email.toUpperCase() };
    expect((await service.changeEmail(user.token, body)).body).toMatchObject({
      status: 409,
      code: 'email_taken',
    });
    const { newEmail, token } = await askFor(user);
    await service.register({ ...buildAccount(), email: newEmail });
    expect((await service.verifyEmail({ token })).body).toMatchObject({ status: 409, code: 'email_taken' });
    expect((await logIn(user.email, user.password)).status).toBe(200);
  });

  test('removes the password reset tokens that were sent to the previous email', async () => {
    const user = await newUser();
    await service.forgot({ email: user.email });
    const [mail] = await waitForMails(user.email, 1);
    const { token } = await askFor(user);
    await service.verifyEmail({ token });
    expect((await service.reset(tokenIn(mail!), { password: 'new correct horse' })).body).toMatchObject({
      code: 'invalid_reset_token',
    });
  });

  test('is confirmed for one of two accounts that confirm it at once', async () => {
    const [one, two] = [await newUser(), await newUser()];
    const { newEmail, token } = await askFor(one);
    await service.changeEmail(two.token, { currentPassword: two.password, newEmail });
    const [, mail] = await waitForMails(newEmail, 2);
    const answers = await Promise.all(
      [token, tokenIn(mail!)].map((each) => service.verifyEmail({ token: each })),
    );
    expect(statuses(answers)).toEqual([204, 409]);
  });

  test.each([
    ['cannot be connected to', { before: dropsConnection }],
    ['applies it and the answer is lost', { after: dropsConnection }],
  ])('is stored while user-service %s, and is delivered later', async (_what, fault) => {
    const user = await newUser();
    const { newEmail, token } = await askFor(user);
    Object.assign(service.userService.faults, fault);
    expect((await service.verifyEmail({ token }, user.token)).status).toBe(204);
    expect((await logIn(newEmail, user.password)).status).toBe(200);
    service.userService.recover();
    await service.allDelivered();
    expect(service.userService.profile(user.id)).toMatchObject({ email: newEmail, emailVerified: true });
  });

  test('is refused for a deactivated account', async () => {
    const user = await newUser();
    const { token } = await askFor(user);
    await service.putAccount(user.id, deactivated);
    expect((await service.verifyEmail({ token })).body).toMatchObject(invalidToken);
    const body = { currentPassword: user.password, newEmail: buildAccount().email };
    expect((await service.changeEmail(user.token, body)).body).toMatchObject({ code: 'token_revoked' });
  });

  test('is cancelled by a password reset', async () => {
    const user = await newUser();
    const { token } = await askFor(user);
    await service.forgot({ email: user.email });
    const [mail] = await waitForMails(user.email, 1);
    expect((await service.reset(tokenIn(mail!), { password: 'new correct horse' })).status).toBe(204);
    expect((await service.verifyEmail({ token })).body).toMatchObject(invalidToken);
    expect((await logIn(user.email, 'new correct horse')).status).toBe(200);
  });

  test('is cancelled when the account is deactivated and reactivated', async () => {
    const user = await newUser();
    const { token } = await askFor(user);
    await service.putAccount(user.id, { ...deactivated, status: 'active' });
    expect((await service.verifyEmail({ token })).body).toMatchObject(invalidToken);
  });

  test('can be requested although strangers request mails to the current email', async () => {
    const user = await newUser();
    for (let i = 0; i < 8; i++) {
      await service.resendVerification({ email: user.email });
      await service.mailsSettled();
    }
    const { token } = await askFor(user);
    expect((await service.verifyEmail({ token })).status).toBe(204);
  });

  test('can be requested five times an hour', async () => {
    const user = await newUser();
    const start = service.stopClock();
    const ask = () =>
      service.changeEmail(user.token, { currentPassword: user.password, newEmail: buildAccount().email });
    for (let i = 0; i < 5; i++) expect((await ask()).status).toBe(202);
    const refused = await ask();
    expect(refused.body).toMatchObject({ status: 429, code: 'rate_limited' });
    expect(refused.headers['retry-after']).toBe('3600');
    service.time.now = new Date(start.getTime() + 60 * 60_000);
    const { body } = await logIn(user.email, user.password);
    const later = { currentPassword: user.password, newEmail: buildAccount().email };
    expect((await service.changeEmail(body.accessToken, later)).status).toBe(202);
  });
});

describe('a mail for an account that changes meanwhile', () => {
  test('is not requested: it would go to the previous email', async () => {
    const user = await newUser();
    const { credentials, passwordChanges, emails } = service.context;
    const read = (await credentials.findByEmail(user.email))!;
    const { token } = await askFor(user);
    await service.verifyEmail({ token }, user.token);
    expect([
      await passwordChanges.requestReset(read),
      await emails.requestConfirmation(read, 'verifyEmail', user.email),
      await emails.requestConfirmation(read, 'changeEmail', buildAccount().email),
    ]).toEqual([false, false, false]);
  });
});
