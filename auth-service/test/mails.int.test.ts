import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { buildAccount, listening, until } from '@polyglot-notes/service-kit/testing';
import request from 'supertest';
import { createApp } from '../src/app.ts';
import { readConfig } from '../src/config.ts';
import { createContext } from '../src/context.ts';
import { createMailer } from '../src/mail/mailer.ts';
import { deactivated, startService } from './service.ts';
import { startSmtpServer, type ReceivedMail } from './smtp-server.ts';

let smtp: Awaited<ReturnType<typeof startSmtpServer>>;
let service: Awaited<ReturnType<typeof startService>>;
let admin: string;
beforeAll(async () => {
  smtp = await startSmtpServer();
  service = await startService({ SMTP_URL: smtp.url, EMAIL_VERIFICATION: 'optional' });
  const { id, email, password } = await newUser();
  await service.putAccount(id, { ...deactivated, role: 'admin', status: 'active' });
  admin = (await service.login({ email, password })).body.accessToken;
});
beforeEach(() => {
  smtp.answers.recipient = undefined;
  smtp.answers.content = undefined;
});
afterAll(async () => {
  await service.close();
  smtp.close();
});

async function newUser() {
  const account = buildAccount();
  const { body } = await service.register(account);
  return { ...account, id: String(body.user.id), token: String(body.accessToken) };
}

const subjectOf = ({ content }: ReceivedMail) => /^Subject: (.*)$/m.exec(content)?.[1] ?? '';
const tokenOf = ({ content }: ReceivedMail) =>
  /^([\w-]{43})$/m.exec(content.replaceAll('=\n', ''))?.[1] ?? '';

async function mailsWithoutWaiting(address: string, count: number): Promise<ReceivedMail[]> {
  await until(() => smtp.mailsTo(address).length >= count);
  return smtp.mailsTo(address);
}

async function mailsTo(address: string, count: number): Promise<ReceivedMail[]> {
  await mailsWithoutWaiting(address, count);
  await service.mailsSettled();
  const mails = smtp.mailsTo(address);
  expect(mails).toHaveLength(count);
  return mails;
}

const asAdmin = (method: 'get' | 'post' | 'delete', path: string) =>
  request(service.server)[method](`/api/auth/mails${path}`).set('Authorization', `Bearer ${admin}`);

/** A user whose mail server refuses every mail permanently, when one has been refused. */
async function refusedUser() {
  smtp.answers.recipient = () => '550 5.1.1 unknown user';
  const user = await newUser();
  await until(async () => (await parkedOf(user)).length === 1);
  return user;
}
const parkedOf = async ({ id }: { id: string }) =>
  ((await asAdmin('get', '?parked=true&limit=100')).body.items as Record<string, unknown>[]).filter(
    ({ userId }) => userId === id,
  );

describe('a mail that the mail server refuses permanently', () => {
  test('is parked with a reason and without its token, and others overtake it', async () => {
    const user = await refusedUser();
    smtp.answers.recipient = (to) => (to === user.email ? '550 5.1.1 unknown user' : undefined);
    const other = await newUser();
    await mailsTo(other.email, 1);
    expect(await parkedOf(user)).toEqual([
      {
        id: expect.any(String),
        kind: 'verifyEmail',
        to: user.email,
        userId: user.id,
        since: expect.any(String),
        attempts: 1,
        dueAt: null,
        isParked: true,
        fault: 'the mail server answered 550 5.1.1 to RCPT TO',
      },
    ]);
    const list = await asAdmin('get', '?parked=false');
    expect(list.body.items.filter(({ userId }: { userId: string }) => userId === user.id)).toEqual([]);
  });

  test('is sent when an admin releases it, and never when an admin drops it', async () => {
    const [released, dropped] = [await refusedUser(), await refusedUser()];
    smtp.answers.recipient = undefined;
    const [[first], [second]] = [await parkedOf(released), await parkedOf(dropped)];
    expect((await asAdmin('post', `/${String(first!['id'])}/release`)).status).toBe(204);
    expect((await asAdmin('delete', `/${String(second!['id'])}`)).status).toBe(204);
    await mailsTo(released.email, 1);
    for (const [method, path] of [
      ['post', `/${String(second!['id'])}/release`],
      ['delete', `/${String(second!['id'])}`],
    ] as const)
      expect((await asAdmin(method, path)).status).toBe(404);
    expect(smtp.mailsTo(dropped.email)).toEqual([]);
  });

  test('does not keep the user from requesting another one', async () => {
    const user = await refusedUser();
    smtp.answers.recipient = undefined;
    await service.resendVerification({ email: user.email });
    await mailsTo(user.email, 1);
    expect(await parkedOf(user)).toEqual([]);
  });
});

test('the pages of the list contain each mail once', async () => {
  const users = await Promise.all([refusedUser(), refusedUser(), refusedUser()]);
  const found: string[] = [];
  for (let cursor = ''; ;) {
    const { body } = await asAdmin('get', `?parked=true&limit=2${cursor && `&cursor=${cursor}`}`);
    found.push(...body.items.map(({ userId }: { userId: string }) => userId));
    if (body.page.nextCursor === null) break;
    cursor = body.page.nextCursor;
  }
  for (const { id } of users) expect(found.filter((userId) => userId === id)).toEqual([id]);
  expect((await asAdmin('get', '?parked=true&total=true')).body.page.total).toBe(found.length);
});

test('a mail that is sent again, because the first answer was lost, has the same token, which works', async () => {
  const { email, token } = await newUser();
  await mailsTo(email, 1);
  let attempts = 0;
  smtp.answers.content = (to) => (to === email && ++attempts === 1 ? '451 try again' : undefined);
  await service.forgot({ email });
  const [, first, second] = await mailsTo(email, 3);
  expect(tokenOf(first!)).toBe(tokenOf(second!));
  const stored = (await service.credentials()).find((credential) => credential['email'] === email);
  expect(stored?.['passwordResets']).toHaveLength(1);
  expect((await service.reset(tokenOf(second!), { password: 'new correct horse' })).status).toBe(204);
  expect((await service.updatePassword(token, { currentPassword: 'x', newPassword: 'y' })).status).toBe(401);
});

test('a mail of a process that died is sent by another one after the lease', async () => {
  smtp.answers.recipient = () => '451 later';
  const { email } = await newUser();
  const start = service.stopClock();
  await until(async () => {
    const [waiting] = await service.context.mails.page(false, { after: undefined, offset: 0, limit: 1 });
    return waiting !== undefined && waiting.attempts > 0;
  });
  smtp.answers.recipient = undefined;
  const lease = new Date(start.getTime() + 3_600_000);
  expect(await service.context.mails.claim(new Date(start.getTime() + 60_000), lease)).toMatchObject({
    delivery: { to: email },
  });
  service.time.now = new Date(lease.getTime() + 1);
  await mailsTo(email, 1);
  service.time.now = undefined;
});

test('a mail that two workers have claimed is not lost when the first one finds that it is late', async () => {
  const user = await refusedUser();
  const [parked] = await parkedOf(user);
  const { mails } = service.context;
  const now = new Date();
  const later = new Date(now.getTime() + 60_000);
  await service.context.db
    .collection('credentials')
    .updateOne({ email: user.email }, { $set: { 'mails.0.dueAt': later } });
  const hour = new Date(now.getTime() + 3_600_000);
  const first = (await mails.claim(later, new Date(later.getTime() + 1)))!;
  const second = (await mails.claim(new Date(later.getTime() + 2), new Date(later.getTime() + 3)))!;
  expect([first._id, second._id]).toEqual([parked!['id'], parked!['id']]);
  expect(await mails.begin(first, hour)).toBe(false);
  expect(await mails.begin(second, hour)).toBe(true);
  expect(await mails.claim(new Date(hour.getTime() - 1), hour)).toBeNull();
  await mails.removeClaimed(first);
  smtp.answers.recipient = undefined;
  // An admin does not release a mail that is being sent.
  expect((await asAdmin('post', `/${second._id}/release`)).status).toBe(204);
  expect(await mails.claim(later, hour)).toBeNull();
  await mails.postpone(second, now, 'late');
  await mailsTo(user.email, 1);
});

test('a mail that was not tried yet is claimed before those that are tried again', async () => {
  const users = [await refusedUser(), await refusedUser()];
  const { mails, db } = service.context;
  const now = Date.now();
  const [early, late, after] = [1, 2, 3].map((minutes) => new Date(now + minutes * 60_000));
  for (const [{ email }, attempts, dueAt] of [
    [users[0]!, 3, early],
    [users[1]!, 0, late],
  ] as const)
    await db
      .collection('credentials')
      .updateOne({ email }, { $set: { 'mails.0.attempts': attempts, 'mails.0.dueAt': dueAt } });
  const claims = [];
  for (const _ of users) claims.push((await mails.claim(after!, new Date(now + 3_600_000)))!);
  expect(claims.map(({ delivery: { to } }) => to)).toEqual([users[1]!.email, users[0]!.email]);
  for (const claim of claims) await mails.removeClaimed(claim);
});

test('a mail that cannot be sent in the time in which it is of use is parked', async () => {
  smtp.answers.recipient = () => '451 4.3.0 later';
  const user = await newUser();
  const { db } = service.context;
  const setAge = async (hours: number) => {
    const now = Date.now();
    const $set = { 'mails.0.since': new Date(now - hours * 3_600_000), 'mails.0.dueAt': new Date(now) };
    await db.collection('credentials').updateOne({ email: user.email }, { $set });
  };
  const attempts = async () => {
    const [account] = await db.collection('credentials').find({ email: user.email }).toArray();
    return account!['mails'][0].attempts as number;
  };
  await until(async () => (await attempts()) > 0);
  const before = await attempts();
  await setAge(71);
  await until(async () => (await attempts()) > before);
  expect(await parkedOf(user)).toEqual([]);
  await setAge(72);
  await until(async () => (await parkedOf(user)).length === 1);
  expect((await parkedOf(user))[0]).toMatchObject({
    fault: 'not sent within 72 hours: the mail server answered 451 4.3.0 to RCPT TO',
  });
});

test('a mail about a change of the email is not sent once another change is confirmed', async () => {
  const user = await newUser();
  const [late, chosen] = [buildAccount().email, buildAccount().email];
  smtp.answers.recipient = (to) => (to === late ? '451 4.3.0 later' : undefined);
  for (const newEmail of [late, chosen])
    expect((await service.changeEmail(user.token, { currentPassword: user.password, newEmail })).status).toBe(
      202,
    );
  const [mail] = await mailsWithoutWaiting(chosen, 1);
  expect((await service.verifyEmail({ token: tokenOf(mail!) })).status).toBe(204);
  smtp.answers.recipient = undefined;
  await service.mailsSettled();
  expect(smtp.mailsTo(late)).toEqual([]);
});

test('a mail that is requested after a revocation is sent, although an older one waits', async () => {
  const user = await newUser();
  let refusals = 0;
  smtp.answers.recipient = () => {
    refusals++;
    return '451 4.3.0 later';
  };
  await service.forgot({ email: user.email });
  // No attempt is under way at the revocation.
  await until(() => refusals > 0);
  await service.context.background.settled();
  await service.as(user.token).logoutAll();
  smtp.answers.recipient = undefined;
  await service.forgot({ email: user.email });
  await service.mailsSettled();
  const tokens = smtp.mailsTo(user.email).filter((mail) => mail.content.includes('reset-password'));
  expect(tokens).toHaveLength(1);
});

describe('an attempt to send a mail', () => {
  const attempt = (to: string, { timeoutMs = 10_000, stopping = new AbortController().signal } = {}) =>
    createMailer({ url: smtp.url, from: 'notes <no-reply@example.org>', timeoutMs, stopping }).send(
      { to, subject: 'a', text: 'a', html: 'a' },
      'the-id',
    );
  const headers = ({ content }: ReceivedMail) =>
    content.split('\n').filter((line) => /^(Message-ID|Auto-Submitted):/i.test(line));

  test('has the same Message-ID each time, and says that no person has sent it', async () => {
    const { email } = buildAccount();
    for (let i = 0; i < 2; i++) await attempt(email);
    const [first, second] = smtp.mailsTo(email).map(headers);
    expect(first!.toSorted()).toEqual(['Auto-Submitted: auto-generated', 'Message-ID: <the-id@example.org>']);
    expect(second).toEqual(first);
  });

  test.each([
    ['a refusal of its content', 'content', '554 no', false],
    ['a lost connection before its content', 'recipient', 'no connection', false],
    ['a lost connection after its content', 'content', 'no connection', true],
  ] as const)('that fails by %s', async (_what, part, reply, mayHaveArrived) => {
    const { email } = buildAccount();
    smtp.answers[part] = (to) => (to === email ? reply : undefined);
    await expect(attempt(email)).rejects.toMatchObject({ mayHaveArrived });
  });

  test('ends with its connection when the server does not answer in time', async () => {
    smtp.answers.recipient = () => 'no answer';
    const { email } = buildAccount();
    await expect(attempt(email, { timeoutMs: 300 })).rejects.toMatchObject({ mayHaveArrived: false });
    await until(() => smtp.connections() === 0);
  });

  test('ends when the service stops', async () => {
    const { email } = buildAccount();
    const stop = new AbortController();
    smtp.answers.content = () => {
      stop.abort();
      return 'no answer';
    };
    await expect(attempt(email, { stopping: stop.signal })).rejects.toMatchObject({ mayHaveArrived: true });
  });
});

test('a mail that may have arrived is counted for its recipient', async () => {
  const { email } = await newUser();
  await mailsTo(email, 1);
  const counted = async () => {
    let left = 0;
    while (await service.context.recipients.take(email, 'ofConfirmedAccount')) left++;
    for (let i = 0; i < left; i++) await service.context.recipients.giveBack(email);
    return 8 - left;
  };
  expect(await counted()).toBe(1);
  let attempts = 0;
  smtp.answers.content = () => (++attempts === 1 ? 'no connection' : undefined);
  await service.forgot({ email });
  await mailsTo(email, 3);
  expect(await counted()).toBe(3);
});

describe('a notice', () => {
  const subjects = async (address: string, count: number) =>
    (await mailsTo(address, count)).map(subjectOf).toSorted();

  test('says that the password was changed, by the user or with a mailed token', async () => {
    const user = await newUser();
    const change = { currentPassword: user.password, newPassword: 'new correct horse' };
    expect((await service.updatePassword(user.token, change)).status).toBe(200);
    const changed = 'Your password was changed';
    expect(await subjects(user.email, 2)).toEqual(['Confirm your email', changed]);
    await service.forgot({ email: user.email });
    const reset = (await mailsTo(user.email, 3)).at(-1)!;
    expect((await service.reset(tokenOf(reset), { password: 'third correct horse' })).status).toBe(204);
    expect((await subjects(user.email, 4)).slice(-2)).toEqual([changed, changed]);
  });

  test('says once that the account was deactivated', async () => {
    const user = await newUser();
    for (let i = 0; i < 2; i++) await service.putAccount(user.id, deactivated);
    expect(await subjects(user.email, 2)).toEqual(['Confirm your email', 'Your account was deactivated']);
  });

  test('says once that the account was deleted, and no address is left', async () => {
    const user = await newUser();
    await mailsTo(user.email, 1);
    for (let i = 0; i < 2; i++) expect((await service.erase(user.id)).status).toBe(200);
    expect(await subjects(user.email, 2)).toEqual(['Confirm your email', 'Your account was deleted']);
    expect(await traces(user.email)).toEqual([]);
  });

  test('that is refused permanently is not kept for a deleted account', async () => {
    const user = await newUser();
    await mailsTo(user.email, 1);
    smtp.answers.recipient = (to) => (to === user.email ? '550 5.1.1 unknown user' : undefined);
    await service.erase(user.id);
    await service.mailsSettled();
    expect(await traces(user.email)).toEqual([]);
  });

  test('to a confirmed address is sent whatever strangers request', async () => {
    const user = await newUser();
    await service.context.db
      .collection('credentials')
      .updateOne({ email: user.email }, { $set: { emailVerified: true } });
    await mailsTo(user.email, 1);
    while (await service.context.recipients.take(user.email, 'ofConfirmedAccount'));
    await service.putAccount(user.id, deactivated);
    expect(await subjects(user.email, 2)).toContain('Your account was deactivated');
  });
});

/** The collections of the database that contain a text. */
async function traces(text: string): Promise<string[]> {
  const collections = (await service.context.db.db?.collections()) ?? [];
  const contents = await Promise.all(
    collections.map(async (one) => [one.collectionName, JSON.stringify(await one.find().toArray())] as const),
  );
  return contents.filter(([, content]) => content.includes(text)).map(([name]) => name);
}

describe('while the email must be confirmed', () => {
  let server: Awaited<ReturnType<typeof listening>>;
  let context: Awaited<ReturnType<typeof createContext>>;
  beforeAll(async () => {
    context = await createContext(readConfig({ ...service.environment, EMAIL_VERIFICATION: 'required' }));
    server = await listening(createApp(context));
  });
  afterAll(async () => {
    server.close();
    await context.close();
  });
  const post = (path: string, body: object) => request(server).post(`/api/auth/${path}`).send(body);

  test('a registration answers without tokens, and only the right password learns why a login is refused', async () => {
    const account = buildAccount();
    const { email, password } = account;
    const registered = await post('register', account);
    expect([registered.status, Object.keys(registered.body)]).toEqual([201, ['user']]);
    const refused = await post('login', { email, password });
    expect(refused.body).toMatchObject({ status: 403, code: 'email_not_verified' });
    const wrong = await post('login', { email, password: 'wrong horse' });
    expect(wrong.body).toMatchObject({ status: 401, code: 'invalid_credentials' });
    const [mail] = await mailsTo(email, 1);
    expect((await post('verify-email', { token: tokenOf(mail!), password })).status).toBe(204);
    expect((await post('login', { email, password })).status).toBe(200);
  });

  test('the owner of a mailbox who confirms the account of a stranger does not let the stranger in', async () => {
    const account = buildAccount();
    const { email, password } = account;
    await post('register', account);
    const [mail] = await mailsTo(email, 1);
    expect((await post('verify-email', { token: tokenOf(mail!) })).status).toBe(204);
    expect((await post('login', { email, password })).status).toBe(401);
  });
});
