// Causes every outcome that the OpenAPI document declares for an operation, through the gateway, and checks its body against
// the declared schema. An operation or a code without a case here is a failing test.
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import {
  buildAccount,
  newUser,
  tokenIn,
  waitForMails,
  type Answer,
  type CallOptions,
  type Client,
  type User,
} from '@polyglot-notes/service-kit/testing';
import { newDevice, refresh } from './devices.ts';
import { openStores } from './stores.ts';
import { outcomeName, readDocument, type Operation } from './openapi-document.ts';
import { isRemote, systemForTests } from './systems.ts';

const api = await readDocument();
const mostNotes = 100;
const mostBytes = 250_000;
const mostFailures = 3;

let system: Awaited<ReturnType<typeof systemForTests>>;
let user: User;
let admin: Client;
let revokedToken: string;
beforeAll(async () => {
  system = await systemForTests({
    REQUIRE_IF_MATCH: 'true',
    NOTES_MAX: String(mostNotes),
    STORAGE_MAX_BYTES: String(mostBytes),
    LOGIN_LOCK_MAX: String(mostFailures),
  });
  admin = await system.asAdmin();
  user = await person();
  const deleted = await person();
  await asAdmin('DELETE', `/api/users/${deleted.id}`);
  revokedToken = deleted.token;
});
afterAll(() => system.close());

const call = (method: string, path: string, options: CallOptions = {}) =>
  system.api.call(method, path, options);
const person = () => newUser(system.api);
const asAdmin = (method: string, path: string, body?: unknown) => admin.call(method, path, { body });
const adminId = async (): Promise<string> => (await asAdmin('GET', '/api/users/me')).body.id;
const newNote = async (): Promise<string> =>
  `/api/notes/${(await user.call('POST', '/api/notes', { body: { title: 'a note' } })).body.id}`;
const importNotes = (body: string, headers = {}, by = user) =>
  by.call('POST', '/api/notes/import', {
    body,
    headers: { 'Content-Type': 'application/x-ndjson', ...headers },
  });
const ifUnchanged = { headers: { 'If-Match': '"1"' } };

async function trashedNote(): Promise<string> {
  const path = await newNote();
  await user.call('DELETE', path, ifUnchanged);
  return path;
}

/** A note with two versions whose owner can store no third one. */
const noteOfFullStorage = once(async () => {
  const owner = await person();
  const { body } = await owner.call('POST', '/api/notes', { body: { content: 'a'.repeat(mostBytes / 2.5) } });
  const path = `/api/notes/${body.id}`;
  await owner.call('PATCH', path, { body: { content: 'b'.repeat(mostBytes / 2.5) }, ...ifUnchanged });
  return { owner, path };
});

/** An owner who can store nothing more. */
const ownerOfFullStorage = once(async () => {
  const owner = await person();
  for (const share of [0.4, 0.4])
    await owner.call('POST', '/api/notes', { body: { title: 'x', content: 'a'.repeat(mostBytes * share) } });
  const { bytes } = (await owner.call('GET', '/api/notes/usage')).body;
  await owner.call('POST', '/api/notes', {
    body: { title: 'x', content: 'a'.repeat(mostBytes - bytes - 1) },
  });
  return owner;
});

/** An owner of two notes with the tags `t0` to `t9`, whose earlier versions would not fit into their storage. */
const ownerOfFullTags = once(async () => {
  const owner = await person();
  const tags = Array.from({ length: 10 }, (_, index) => `t${index}`.padEnd(50, '+'));
  for (let note = 0; note < 2; note++)
    await owner.call('POST', '/api/notes', { body: { content: 'é'.repeat(mostBytes / 4 - 300), tags } });
  return { owner, path: `/api/notes/tags/${tags[0]}` };
});

const ownerOfAllNotes = once(async () => {
  const owner = await person();
  const create = { op: 'create', note: { title: 'a note' } };
  await batch(
    Array.from({ length: mostNotes }, () => create),
    { by: owner },
  );
  return owner;
});

function once<Value>(make: () => Promise<Value>): () => Promise<Value> {
  let made: Promise<Value> | undefined;
  return () => (made ??= make());
}

async function mailedToken(email: string): Promise<string> {
  await call('POST', '/api/auth/forgot-password', { body: { email } });
  const [mail] = await waitForMails(email, 1);
  return tokenIn(mail!);
}

async function verificationToken(email: string): Promise<string> {
  await call('POST', '/api/auth/resend-verification', { body: { email } });
  const [mail] = await waitForMails(email, 1);
  return tokenIn(mail!);
}
const verifyEmail = (token: string) => call('POST', '/api/auth/verify-email', { body: { token } });
const changeEmail = (newEmail: string, currentPassword = user.password) =>
  user.call('POST', '/api/auth/change-email', { body: { currentPassword, newEmail } });

/** Repeats a call with a wrong password until it is locked, and once more. */
async function untilLocked(attempt: () => Promise<Answer>): Promise<Answer> {
  for (let failures = 0; failures < mostFailures; failures++) await attempt();
  return attempt();
}

const logout = (suffix: '' | '-all', { refreshToken }: { refreshToken: string }) =>
  call('POST', `/api/auth/logout${suffix}`, { body: { refreshToken } });
/** A token of the same session that is not its current one. */
const unlike = ({ refreshToken }: { refreshToken: string }) => refreshToken.slice(0, 22) + 'x'.repeat(43);

/** A cursor that is later than all changes, as one from before a backup was restored. */
function laterCursor(cursor: string): string {
  const [owner, [rev, id, from]] = JSON.parse(Buffer.from(cursor, 'base64url').toString());
  return Buffer.from(JSON.stringify([owner, [rev + 1_000, id, from]])).toString('base64url');
}
const unknownNote = [{ op: 'delete', id: randomUUID(), ifMatch: '*' }];
const batch = (operations: object[], { by = user, atomic = false, headers = {} } = {}) =>
  by.call('POST', '/api/notes/batch', { body: { atomic, operations }, headers });
const idIn = (path: string) => path.slice('/api/notes/'.length);

type Show = () => Promise<Answer>;

const cases: Record<string, Record<string, Show>> = {
  'POST /api/auth/register': {
    '201': () => call('POST', '/api/auth/register', { body: buildAccount() }),
    '409 email_taken': () =>
      call('POST', '/api/auth/register', { body: { ...buildAccount(), email: user.email } }),
    '409 username_taken': () =>
      call('POST', '/api/auth/register', { body: { ...buildAccount(), username: user.username } }),
  },
  'POST /api/auth/login': {
    '200': () => call('POST', '/api/auth/login', { body: { email: user.email, password: user.password } }),
    '401 invalid_credentials': () =>
      call('POST', '/api/auth/login', { body: { email: user.email, password: 'wrong horse' } }),
    '403 account_deactivated': async () => {
      const { email, password, call: callAs } = await person();
      await callAs('DELETE', '/api/users/delete-me');
      return call('POST', '/api/auth/login', { body: { email, password } });
    },
    '429 login_locked': async () => {
      const body = { email: buildAccount().email, password: 'wrong horse' };
      return untilLocked(() => call('POST', '/api/auth/login', { body }));
    },
  },
  'POST /api/auth/refresh': {
    '200': async () => refresh(system.api, (await person()).refreshToken),
    '401 invalid_refresh_token': () => refresh(system.api, 'x'.repeat(65)),
    '401 refresh_token_reused': async () => refresh(system.api, unlike(await person())),
  },
  'POST /api/auth/logout': {
    '204': async () => (await person()).call('POST', '/api/auth/logout'),
    '401 invalid_refresh_token': () => logout('', { refreshToken: 'x'.repeat(65) }),
    '401 token_revoked': () => call('POST', '/api/auth/logout', { token: revokedToken }),
  },
  'POST /api/auth/logout-all': {
    '204': async () => logout('-all', await person()),
    '401 invalid_refresh_token': () => logout('-all', { refreshToken: 'x'.repeat(65) }),
    '401 refresh_token_reused': async () => logout('-all', { refreshToken: unlike(await person()) }),
    '401 token_revoked': () => call('POST', '/api/auth/logout-all', { token: revokedToken }),
  },
  'GET /api/auth/sessions': { '200': () => user.call('GET', '/api/auth/sessions?total=true') },
  'DELETE /api/auth/sessions/{id}': {
    '204': async () =>
      user.call('DELETE', `/api/auth/sessions/${(await newDevice(system.api, user)).sessionId}`),
  },
  'POST /api/auth/forgot-password': {
    '202': () => call('POST', '/api/auth/forgot-password', { body: { email: buildAccount().email } }),
  },
  'PATCH /api/auth/reset-password/{token}': {
    '204': async () =>
      call('PATCH', `/api/auth/reset-password/${await mailedToken((await person()).email)}`, {
        body: { password: 'new correct horse' },
      }),
    '404 not_found': () =>
      call('PATCH', '/api/auth/reset-password/a%2Fb', { body: { password: 'new correct horse' } }),
    '400 password_unchanged': async () => {
      const { email, password } = await person();
      return call('PATCH', `/api/auth/reset-password/${await mailedToken(email)}`, { body: { password } });
    },
    '400 invalid_reset_token': () =>
      call('PATCH', '/api/auth/reset-password/x', { body: { password: 'new correct horse' } }),
  },
  'PATCH /api/auth/update-password': {
    '200': async () => {
      const { password, call: callAs } = await person();
      const body = { currentPassword: password, newPassword: 'new correct horse' };
      return callAs('PATCH', '/api/auth/update-password', { body });
    },
    '400 password_unchanged': () =>
      user.call('PATCH', '/api/auth/update-password', {
        body: { currentPassword: user.password, newPassword: user.password },
      }),
    '401 invalid_credentials': () =>
      user.call('PATCH', '/api/auth/update-password', {
        body: { currentPassword: 'wrong horse', newPassword: 'new correct horse' },
      }),
    '429 login_locked': async () => {
      const { call: callAs } = await person();
      const body = { currentPassword: 'wrong horse', newPassword: 'new correct horse' };
      return untilLocked(() => callAs('PATCH', '/api/auth/update-password', { body }));
    },
  },
  'POST /api/auth/resend-verification': {
    '202': () => call('POST', '/api/auth/resend-verification', { body: { email: buildAccount().email } }),
  },
  'POST /api/auth/change-email': {
    '202': () => changeEmail(buildAccount().email),
    '401 invalid_credentials': () => changeEmail(buildAccount().email, 'wrong horse'),
    '409 email_taken': async () => changeEmail((await person()).email),
    '429 login_locked': async () => {
      const { call: callAs } = await person();
      const body = { currentPassword: 'wrong horse', newEmail: buildAccount().email };
      return untilLocked(() => callAs('POST', '/api/auth/change-email', { body }));
    },
  },
  'POST /api/auth/verify-email': {
    '204': async () => verifyEmail(await verificationToken((await person()).email)),
    '400 invalid_verification_token': () => verifyEmail('x'),
    '401 unauthenticated': () =>
      call('POST', '/api/auth/verify-email', { token: 'a.b.c', body: { token: 'x' } }),
    '409 email_taken': async () => {
      const { email } = buildAccount();
      await changeEmail(email);
      const [mail] = await waitForMails(email, 1);
      await call('POST', '/api/auth/register', { body: { ...buildAccount(), email } });
      return verifyEmail(tokenIn(mail!));
    },
  },
  'GET /.well-known/jwks.json': { '200': () => call('GET', '/.well-known/jwks.json') },

  'GET /api/users/me': { '200': () => user.call('GET', '/api/users/me') },
  'PATCH /api/users/update-me': {
    '200': () => user.call('PATCH', '/api/users/update-me', { body: { bio: 'Writes things down' } }),
    '409 username_taken': async () => {
      const { username } = await person();
      return user.call('PATCH', '/api/users/update-me', { body: { username } });
    },
  },
  'DELETE /api/users/delete-me': {
    '204': async () => (await person()).call('DELETE', '/api/users/delete-me'),
    '409 last_admin': () => asAdmin('DELETE', '/api/users/delete-me'),
  },
  'GET /api/users/deletions/{id}': {
    '200': async () => {
      const { id } = await person();
      await asAdmin('DELETE', `/api/users/${id}`);
      return asAdmin('GET', `/api/users/deletions/${id}`);
    },
  },
  'GET /api/users/deliveries': { '200': () => asAdmin('GET', '/api/users/deliveries?total=true') },
  'POST /api/users/deliveries/{id}/release': {
    '204': () => asAdmin('POST', `/api/users/deliveries/${user.id}/release`),
  },
  'GET /api/auth/deliveries': { '200': () => asAdmin('GET', '/api/auth/deliveries?parked=true') },
  'POST /api/auth/deliveries/{id}/release': {
    '204': () => asAdmin('POST', `/api/auth/deliveries/${user.id}/release`),
  },
  'GET /api/auth/events': {
    '200': () => asAdmin('GET', `/api/auth/events?userId=${user.id}`),
    '403 forbidden': async () => user.call('GET', `/api/auth/events?userId=${await adminId()}`),
  },
  'GET /api/auth/mails': { '200': () => asAdmin('GET', '/api/auth/mails?parked=true') },
  'POST /api/auth/mails/{id}/release': {
    '204': async () => asAdmin('POST', `/api/auth/mails/${await parkedMail()}/release`),
  },
  'DELETE /api/auth/mails/{id}': {
    '204': async () => asAdmin('DELETE', `/api/auth/mails/${await parkedMail()}`),
  },
  'GET /api/users': { '200': () => asAdmin('GET', '/api/users?total=true') },
  'GET /api/users/{id}': { '200': () => asAdmin('GET', `/api/users/${user.id}`) },
  'PATCH /api/users/{id}': {
    '200': async () => asAdmin('PATCH', `/api/users/${(await person()).id}`, { role: 'admin' }).then(undo),
    '409 username_taken': async () =>
      asAdmin('PATCH', `/api/users/${(await person()).id}`, { username: user.username }),
    '409 last_admin': async () => asAdmin('PATCH', `/api/users/${await adminId()}`, { role: 'user' }),
  },
  'DELETE /api/users/{id}': {
    '200': async () => asAdmin('DELETE', `/api/users/${(await person()).id}`),
    '409 last_admin': async () => asAdmin('DELETE', `/api/users/${await adminId()}`),
  },
  'DELETE /api/users/{id}/sessions': {
    '204': async () => asAdmin('DELETE', `/api/users/${(await person()).id}/sessions`),
  },

  'GET /api/notes': { '200': () => user.call('GET', '/api/notes?search=note&total=true') },
  'POST /api/notes': {
    '201': () => user.call('POST', '/api/notes', { body: { title: 'a note' } }),
    '409 idempotency_key_reused': async () => {
      const headers = { 'Idempotency-Key': randomUUID() };
      await user.call('POST', '/api/notes', { body: { title: 'a note' }, headers });
      return user.call('POST', '/api/notes', { body: { title: 'another note' }, headers });
    },
    '409 note_limit_reached': async () =>
      (await ownerOfAllNotes()).call('POST', '/api/notes', { body: { title: 'one more' } }),
    '409 storage_limit_reached': async () =>
      (await noteOfFullStorage()).owner.call('POST', '/api/notes', {
        body: { content: 'c'.repeat(mostBytes / 2.5) },
      }),
  },
  'POST /api/notes/batch': {
    '200': () => batch([{ op: 'create', note: { title: 'a note' } }, ...unknownNote]),
    '404 not_found': () => batch(unknownNote, { atomic: true }),
    '409 idempotency_key_reused': async () => {
      const headers = { 'Idempotency-Key': randomUUID() };
      await batch(unknownNote, { headers });
      return batch([...unknownNote, ...unknownNote], { headers });
    },
    '409 note_limit_reached': async () =>
      batch([{ op: 'create', note: { title: 'one more' } }], { by: await ownerOfAllNotes(), atomic: true }),
    '409 storage_limit_reached': async () => {
      const note = { content: 'c'.repeat(mostBytes / 2.5) };
      return batch([{ op: 'create', note }], { by: (await noteOfFullStorage()).owner, atomic: true });
    },
    '412 precondition_failed': async () =>
      batch([{ op: 'delete', id: idIn(await newNote()), ifMatch: 9 }], { atomic: true }),
    '428 precondition_required': async () =>
      batch([{ op: 'restore', id: idIn(await newNote()) }], { atomic: true }),
  },
  'GET /api/notes/{id}': {
    '200': async () => user.call('GET', await newNote()),
    '304': async () => user.call('GET', await newNote(), { headers: { 'If-None-Match': '"1"' } }),
  },
  'PATCH /api/notes/{id}': {
    '200': async () => user.call('PATCH', await newNote(), { body: { pinned: true }, ...ifUnchanged }),
    '409 storage_limit_reached': async () => {
      const { owner, path } = await noteOfFullStorage();
      const body = { content: 'c'.repeat(mostBytes / 2.5) };
      return owner.call('PATCH', path, { body, headers: { 'If-Match': '*' } });
    },
  },
  'DELETE /api/notes/{id}': { '204': async () => user.call('DELETE', await newNote(), ifUnchanged) },
  'GET /api/notes/trash': {
    '200': async () => {
      await trashedNote();
      return user.call('GET', '/api/notes/trash?total=true');
    },
  },
  'DELETE /api/notes/trash': { '200': () => user.call('DELETE', '/api/notes/trash') },
  'POST /api/notes/{id}/restore': {
    '200': async () =>
      user.call('POST', `${await trashedNote()}/restore`, { headers: { 'If-Match': '"2"' } }),
  },
  'GET /api/notes/tags': {
    '200': () => user.call('GET', '/api/notes/tags'),
    '400 validation_failed': () => user.call('GET', '/api/notes/tags?cursor=a&cursor=b'),
  },
  'PATCH /api/notes/tags/{tag}': {
    '200': () => user.call('PATCH', '/api/notes/tags/a%2Fb', { body: { name: 'c' } }),
    '404 not_found': () => user.call('PATCH', '/api/notes/tags/a,b', { body: { name: 'c' } }),
    '409 storage_limit_reached': async () => {
      const { owner, path } = await ownerOfFullTags();
      return owner.call('PATCH', path, { body: { name: 'a'.repeat(50) } });
    },
  },
  'DELETE /api/notes/tags/{tag}': {
    '200': () => user.call('DELETE', '/api/notes/tags/a%2Fb'),
    '404 not_found': () => user.call('DELETE', '/api/notes/tags/a,b'),
    '409 storage_limit_reached': async () => {
      const { owner, path } = await ownerOfFullTags();
      return owner.call('DELETE', path);
    },
  },
  'GET /api/notes/{id}/versions': {
    '200': async () => user.call('GET', `${await newNote()}/versions?total=true`),
    '400 invalid_cursor': async () => user.call('GET', `${await newNote()}/versions?cursor=x`),
  },
  'GET /api/notes/{id}/versions/{version}': {
    '200': async () => user.call('GET', `${await newNote()}/versions/1`),
  },
  'POST /api/notes/{id}/versions/{version}/restore': {
    '200': async () => user.call('POST', `${await newNote()}/versions/1/restore`, ifUnchanged),
    '409 storage_limit_reached': async () => {
      const { owner, path } = await noteOfFullStorage();
      return owner.call('POST', `${path}/versions/1/restore`, { headers: { 'If-Match': '*' } });
    },
  },
  'GET /api/notes/changes': {
    '200': async () => {
      const { body } = await user.call('GET', '/api/notes/changes?limit=1');
      await user.call('DELETE', `${await newNote()}?permanent=true`, ifUnchanged);
      await trashedNote();
      return user.call('GET', `/api/notes/changes?wait=1&limit=100&since=${body.page.nextCursor}`);
    },
    '400 invalid_cursor': () => user.call('GET', '/api/notes/changes?since=x'),
    '410 cursor_expired': async () => {
      const { body } = await user.call('GET', '/api/notes/changes');
      return user.call('GET', `/api/notes/changes?since=${laterCursor(body.page.nextCursor)}`);
    },
  },
  'GET /api/notes/export': {
    '200': () => user.call('GET', '/api/notes/export'),
    '400 validation_failed': () => user.call('GET', '/api/notes/export?format=pdf'),
  },
  'POST /api/notes/import': {
    '200': () => importNotes('{"title":"a note"}'),
    '400 validation_failed': () => importNotes('', { 'Idempotency-Key': 'é' }),
    '400 invalid_archive': () => importNotes('no zip', { 'Content-Type': 'application/zip' }),
    '409 idempotency_key_reused': async () => {
      const headers = { 'Idempotency-Key': randomUUID() };
      await importNotes('{"title":"a note"}', headers);
      return importNotes('{"title":"another note"}', headers);
    },
    '409 storage_limit_reached': async () => {
      const owner = await ownerOfFullStorage();
      // The answer to the first one passes the limit.
      await importNotes('{"title":"a note"}', { 'Idempotency-Key': randomUUID() }, owner);
      return importNotes('{"title":"a note"}', { 'Idempotency-Key': randomUUID() }, owner);
    },
    '413 payload_too_large': () => importNotes('', { 'Content-Length': String(2 ** 40) }),
  },
  'GET /api/notes/usage': { '200': () => user.call('GET', '/api/notes/usage') },

  'GET /health': { '200': () => call('GET', '/health') },
  'GET /health/live': { '200': () => call('GET', '/health/live') },
  'GET /health/ready': { '200': () => call('GET', '/health/ready') },
  'GET /openapi.json': {
    '200': () => call('GET', '/openapi.json'),
    '304': async () => {
      const { etag } = (await call('GET', '/openapi.json')).headers;
      return call('GET', '/openapi.json', { headers: { 'If-None-Match': String(etag) } });
    },
  },
};

/** A mail that the mail server has refused. */
async function parkedMail(): Promise<string> {
  const stores = await openStores(system.own!);
  const id = randomUUID();
  const mail = { id, kind: 'verifyEmail', to: user.email, since: new Date(), attempts: 1, dueAt: null };
  await stores.credentials.updateOne({ _id: user.id }, { $set: { mails: [mail] } });
  await stores.close();
  return id;
}

/** Outcomes that need direct access to the database. */
const ofDatabase = new Set(['POST /api/auth/mails/{id}/release 204', 'DELETE /api/auth/mails/{id} 204']);

/** Outcomes that occur only while auth-service is unavailable. */
const whileAuthIsUnavailable: Record<string, Record<string, (other: User) => Promise<Answer>>> = {
  'DELETE /api/users/delete-me': {
    '202': ({ call: callAs }) => callAs('DELETE', '/api/users/delete-me'),
  },
  'PATCH /api/users/{id}': {
    '202': ({ id }) => asAdmin('PATCH', `/api/users/${id}`, { status: 'deactivated' }),
  },
  'DELETE /api/users/{id}': { '202': ({ id }) => asAdmin('DELETE', `/api/users/${id}`) },
  'DELETE /api/users/{id}/sessions': { '202': ({ id }) => asAdmin('DELETE', `/api/users/${id}/sessions`) },
};

/** Shows all of them in one outage. */
async function causeOutage(): Promise<Map<string, Answer>> {
  const shows = Object.entries(whileAuthIsUnavailable).flatMap(([name, outcomes]) =>
    Object.entries(outcomes).map(([outcome, show]) => [`${name} ${outcome}`, show] as const),
  );
  const users = await Promise.all(shows.map(person));
  await system.own?.stop('auth-service', 'SIGKILL');
  try {
    const answers = shows.map(async ([key, show], index) => [key, await show(users[index]!)] as const);
    return new Map(await Promise.all(answers));
  } finally {
    await system.own?.start('auth-service');
  }
}

let outage: ReturnType<typeof causeOutage> | undefined;
const shownInOutage = async (key: string): Promise<Answer> => (await (outage ??= causeOutage())).get(key)!;

/** Demotes a promoted user again, so that the last admin stays the last. */
async function undo(promotion: Answer): Promise<Answer> {
  await asAdmin('PATCH', `/api/users/${promotion.body.id}`, { role: 'user' });
  return promotion;
}

/** Refusals with the same cause in every operation that declares them; the admin may call them all. */
const refusals: Record<string, (operation: Operation) => Promise<Answer>> = {
  '401 unauthenticated': (operation) => send(operation, { token: undefined }),
  '401 token_revoked': (operation) => send(operation, { token: revokedToken, body: exampleBody(operation) }),
  '403 forbidden': (operation) => send(operation, { token: user.token }),
  '404 not_found': (operation) => send(operation, operation.takesBody ? { body: {} } : {}),
  '405 method_not_allowed': ({ path }) => call('PUT', pathWithIds(path)),
  '400 validation_failed': (operation) =>
    operation.takesBody
      ? send(operation, { body: { nonsense: 1 } })
      : send(operation, {}, '?limit=0&permanent=maybe'),
  '400 malformed_json': (operation) => send(operation, { body: '{"a":' }),
  '400 invalid_cursor': (operation) => send(operation, {}, '?cursor=x'),
  '413 payload_too_large': (operation) => send(operation, { body: { title: 'a'.repeat(3_000_000) } }),
  '412 precondition_failed': (operation) => changeNewNote(operation, { 'If-Match': '"9"' }),
  '428 precondition_required': (operation) => changeNewNote(operation),
  '415 unsupported_media_type': (operation) =>
    send(operation, { body: 'a=1', headers: { 'Content-Type': 'application/x-www-form-urlencoded' } }),
};

async function changeNewNote({ method, path, takesBody }: Operation, headers = {}): Promise<Answer> {
  const onNote = path.replace('/api/notes/{id}', await newNote()).replace('{version}', '1');
  return user.call(method, onNote, { headers, ...(takesBody && { body: { pinned: true } }) });
}

/** Outcomes that depend on settings, which a remote system does not have. */
const ofSettings = new Set([
  '409 note_limit_reached',
  '409 storage_limit_reached',
  '428 precondition_required',
  '429 login_locked',
]);

/** Outcomes of no single operation; the tests of faults, limits, tokens and hostile requests cover them. */
const elsewhere = new Set([
  '400 malformed_request',
  '400 websocket_not_supported',
  '401 token_expired',
  '403 email_not_verified',
  '408 request_timeout',
  '429 rate_limited',
  '431 headers_too_large',
  '500 internal_error',
  '502 bad_gateway',
  '503',
  '503 service_unavailable',
  '504 gateway_timeout',
  '505 http_version_not_supported',
]);

function exampleBody({ requestBody }: Operation): unknown {
  const json = requestBody?.content['application/json'];
  return json && api.examplesOf(json)[0];
}

const pathWithIds = (path: string) => path.replaceAll(/\{\w+\}/g, () => randomUUID());

const send = ({ method, path, needsToken }: Operation, options: CallOptions, query = '') =>
  (needsToken ? admin : system.api).call(method, pathWithIds(path) + query, options);

describe.each(api.operations.map((operation) => [operation.name, operation] as const))(
  '%s',
  (name, operation) => {
    const outcomes = operation.outcomes.filter((outcome) => !elsewhere.has(outcomeName(outcome)));

    test.each(outcomes.map((outcome) => [outcomeName(outcome), outcome] as const))(
      'answers %s',
      async (outcome, { status, code }) => {
        const isOfOutage = whileAuthIsUnavailable[name]?.[outcome] !== undefined;
        const show = cases[name]?.[outcome] ?? refusals[outcome];
        if (show === undefined && !isOfOutage) throw new Error('no case shows this outcome');
        const isOfOwn = ofSettings.has(outcome) || ofDatabase.has(`${name} ${outcome}`);
        if (isRemote && (isOfOutage || isOfOwn)) return;
        const answer = await (isOfOutage ? shownInOutage(`${name} ${outcome}`) : show!(operation));
        const { code: answeredCode } = code === undefined ? {} : answer.body;
        expect({ status: answer.status, code: answeredCode }).toEqual({ status, code });
        expect(api.faultsOfAnswer(operation, answer)).toBe('');
      },
    );
  },
);

test('no case shows an outcome that the document does not declare', () => {
  const declared = new Map(
    api.operations.map(({ name, outcomes }) => [name, new Set(outcomes.map(outcomeName))]),
  );
  const undeclared = [...Object.entries(cases), ...Object.entries(whileAuthIsUnavailable)].flatMap(
    ([name, shown]) => Object.keys(shown).filter((outcome) => !declared.get(name)?.has(outcome)),
  );
  expect(undeclared).toEqual([]);
});
