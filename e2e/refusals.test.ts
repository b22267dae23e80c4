import { randomUUID } from 'node:crypto';
import { beforeAll, describe, expect, test } from '@jest/globals';
import { buildAccount, newUser, type CallOptions, type User } from '@polyglot-notes/service-kit/testing';
import { api, call } from './client.ts';
import { readDocument, type Operation } from './openapi-document.ts';

const document = await readDocument();

let user: User;
let note: { id: string };
beforeAll(async () => {
  user = await newUser(api);
  note = (await user.call('POST', '/api/notes', { body: { title: 'mine' } })).body;
});

const operations = document.operations.map((operation) => [operation.name, operation] as const);
const thatNeedAToken = operations.filter(([, { needsToken }]) => needsToken);
const thatTakeABody = operations.filter(
  ([, { requestBody }]) => requestBody?.content['application/json'] !== undefined,
);
const thatNameAThing = operations.filter(([name]) => name.endsWith('{id}'));

/** A route for admins refuses a user before it reads the body. */
const isForAdmins = ({ outcomes }: Operation) => outcomes.some(({ code }) => code === 'forbidden');

const pathWith = (path: string, id: string) => path.replaceAll(/\{\w+\}/g, id);

const send = ({ method, path }: Operation, options: CallOptions) =>
  call(method, pathWith(path, randomUUID()), { token: user.token, ...options });

describe.each(thatNeedAToken)('%s', (_name, operation) => {
  test.each([
    ['no token', { token: undefined }],
    ['an invalid token', { token: 'a.b.c' }],
    ['another scheme', { token: undefined, headers: { Authorization: 'Basic dTpw' } }],
    ['two tokens', { token: undefined, headers: { Authorization: 'Bearer a, Bearer b' } }],
  ])('is unauthenticated with %s', async (_what, options) => {
    const answer = await send(operation, options);
    expect(answer.body).toMatchObject({ status: 401, code: 'unauthenticated' });
    expect(answer.headers['www-authenticate']).toBe('Bearer');
    expect(answer.headers['content-type']).toMatch(/^application\/problem\+json/);
  });
});

describe.each(thatTakeABody)('%s', (_name, operation) => {
  test.each([
    ['an unknown field', { body: { nonsense: 1 } }, 400, 'validation_failed'],
    ['an array', { body: [] }, 400, 'validation_failed'],
    ['broken JSON', { body: '{"a":' }, 400, 'malformed_json'],
    ['bytes that are not UTF-8', { body: Buffer.from([0x22, 0xc3, 0x28, 0x22]) }, 400, 'malformed_json'],
    [
      'a form',
      { body: 'a=1', headers: { 'Content-Type': 'application/x-www-form-urlencoded' } },
      415,
      'unsupported_media_type',
    ],
    ['no content type', { body: '{}', headers: { 'Content-Type': '' } }, 415, 'unsupported_media_type'],
    [
      'another character set',
      { body: '{}', headers: { 'Content-Type': 'application/json; charset=utf-16le' } },
      415,
      'unsupported_media_type',
    ],
    ['3 MB', { body: JSON.stringify({ title: 'a'.repeat(3_000_000) }) }, 413, 'payload_too_large'],
  ])('refuses %s', async (_what, options, status, code) => {
    const answer = await send(operation, options);
    const expected = isForAdmins(operation) ? { status: 403, code: 'forbidden' } : { status, code };
    expect(answer.body).toMatchObject({ ...expected, requestId: answer.headers['x-request-id'] });
  });
});

test.each(thatTakeABody.filter(([, { requestBody }]) => requestBody?.required === true))(
  '%s needs a body',
  async (_name, operation) => {
    const [status, code] = isForAdmins(operation) ? [403, 'forbidden'] : [400, 'validation_failed'];
    expect((await send(operation, {})).body).toMatchObject({ status, code });
  },
);

describe.each(thatNameAThing)('%s', (_name, operation) => {
  const { method, path, takesBody } = operation;

  test.each([randomUUID(), '42', '%00', 'a'.repeat(500), "';--"])('does not find %s', async (id) => {
    const body = takesBody ? {} : undefined;
    const answer = await call(method, pathWith(path, id), { token: user.token, body });
    // The gateway refuses %00 itself.
    const [status, code] = isForAdmins(operation) && id !== '%00' ? [403, 'forbidden'] : [404, 'not_found'];
    expect(answer.body).toMatchObject({ status, code });
  });
});

describe.each(operations)('the path of %s', (_name, { method, path }) => {
  test('names its methods', async () => {
    const answer = await call('PUT', pathWith(path, randomUUID()), { body: {} });
    expect(answer.body).toMatchObject({ status: 405, code: 'method_not_allowed' });
    expect(answer.headers.allow).toContain(method);
  });

  test('answers 404 for a path below it, to everyone', async () => {
    const below = `${pathWith(path, randomUUID())}/and/more`;
    expect((await call(method, below)).body).toMatchObject({ status: 404, code: 'not_found' });
  });
});

describe('register', () => {
  test('distinguishes a taken email from a taken username', async () => {
    const { username, email } = user;
    expect(
      (await call('POST', '/api/auth/register', { body: { ...buildAccount(), email } })).body,
    ).toMatchObject({
      status: 409,
      code: 'email_taken',
    });
    expect(
      (await call('POST', '/api/auth/register', { body: { ...buildAccount(), username } })).body,
    ).toMatchObject({
      status: 409,
      code: 'username_taken',
    });
  });

  test.each([
    ['short', 'password_length'],
    ['password1', 'password_common'],
  ])('names the problem of the password %s', async (password, code) => {
    const { body } = await call('POST', '/api/auth/register', { body: { ...buildAccount(), password } });
    expect(body).toMatchObject({ code: 'validation_failed', errors: [{ path: 'body.password', code }] });
  });
});

describe('login', () => {
  test('does not reveal whether the email or the password is wrong', async () => {
    for (const wrong of [
      { email: user.email, password: 'wrong horse' },
      { email: buildAccount().email, password: user.password },
    ]) {
      const answer = await call('POST', '/api/auth/login', { body: wrong });
      expect(answer.body).toMatchObject({ status: 401, code: 'invalid_credentials' });
    }
  });
});

describe('update-me', () => {
  test('refuses the username of another user', async () => {
    const other = await newUser(api);
    const { body } = await user.call('PATCH', '/api/users/update-me', {
      body: { username: other.username.toUpperCase() },
    });
    expect(body).toMatchObject({ status: 409, code: 'username_taken' });
  });
});

describe('notes', () => {
  test('refuses an unknown cursor, and a limit out of bounds', async () => {
    expect((await user.call('GET', '/api/notes?cursor=x')).body).toMatchObject({
      status: 400,
      code: 'invalid_cursor',
    });
    expect((await user.call('GET', '/api/notes?limit=101')).body).toMatchObject({
      status: 400,
      code: 'validation_failed',
    });
    expect((await user.call('GET', '/api/notes?limit=5&limit=6')).body).toMatchObject({
      status: 400,
      code: 'validation_failed',
    });
  });

  test('refuses a change to an outdated version, and shows the current one', async () => {
    const answer = await user.call('PATCH', `/api/notes/${note.id}`, {
      body: { title: 'x' },
      headers: { 'If-Match': '"99"' },
    });
    expect(answer.body).toMatchObject({
      status: 412,
      code: 'precondition_failed',
      current: { id: note.id, version: 1 },
    });
  });

  test('forwards 1.9 MB to the service, which refuses the length of the field', async () => {
    const { body } = await user.call('POST', '/api/notes', {
      body: { title: 'big', content: 'a'.repeat(1_900_000) },
    });
    expect(body).toMatchObject({
      status: 400,
      code: 'validation_failed',
      errors: [{ path: 'body.content' }],
    });
  });

  test('accepts content of the maximum length, in any script', async () => {
    const content = '漢'.repeat(100_000);
    const { status, body } = await user.call('POST', '/api/notes', { body: { content } });
    expect(status).toBe(201);
    expect((await user.call('GET', `/api/notes/${body.id}`)).body.content).toBe(content);
  });
});

describe('a note of another user', () => {
  test('cannot be read, changed, deleted or listed', async () => {
    const other = await newUser(api);
    const path = `/api/notes/${note.id}`;
    expect((await other.call('GET', path)).body).toMatchObject({ status: 404, code: 'not_found' });
    expect((await other.call('PATCH', path, { body: { title: 'stolen' } })).body).toMatchObject({
      status: 404,
      code: 'not_found',
    });
    expect((await other.call('DELETE', path)).body).toMatchObject({ status: 404, code: 'not_found' });
    expect((await other.call('GET', '/api/notes?archived=any')).body.items).toEqual([]);
    expect((await user.call('GET', path)).body).toMatchObject({ title: 'mine' });
  });
});
