// The package @polyglot-notes/client against the running system.
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { describe, expect, test } from '@jest/globals';
import { createClient } from '@polyglot-notes/client';
import { root } from '@polyglot-notes/local-stack/testing';
import { buildAccount, newUser } from '@polyglot-notes/service-kit/testing';
import { api as sharedApi, urls } from './client.ts';

const run = promisify(execFile);
const withSystem = (more: Record<string, string> = {}) => ({
  cwd: root,
  env: { ...process.env, API_URL: urls.gateway, ...more },
});

test('the example registers or logs in, writes, finds, changes, pages, handles refusals and deletes', async () => {
  const { email, password } = buildAccount();
  const example = () =>
    run(
      process.execPath,
      ['packages/client/examples/notes.ts'],
      withSystem({ EMAIL: email, PASSWORD: password }),
    );
  const lines = [
    'Found Shopping: <mark>Milk</mark>, bread',
    'Not changed to Tea: version 2 is already Milk, jam',
    'A page: Reading, Shopping',
    'A page: Travel',
    'Refused: body.title must be at most 200 characters',
    '',
  ];
  const first = await example();
  expect(first).toEqual({ stdout: [`Registered as ${email}`, ...lines].join('\n'), stderr: '' });
  // The same again, as it has left nothing behind.
  const second = await example();
  expect(second).toEqual({ stdout: [`Logged in as ${email}`, ...lines].join('\n'), stderr: '' });
});

test('a 304 has neither data nor an error', async () => {
  const { token } = await newUser(sharedApi);
  const api = createClient({ baseUrl: urls.gateway, token });
  const { data: note } = await api.POST('/api/notes', { body: { title: 'a note' } });
  const params = { path: { id: note?.id ?? '' }, header: { 'If-None-Match': '"1"' } };
  const { data, error, response } = await api.GET('/api/notes/{id}', { params });
  expect([response.status, data, error?.code]).toEqual([304, undefined, undefined]);
});

describe('the token of a client', () => {
  const readMe = async (options: Parameters<typeof createClient>[0]) => {
    const { data, error } = await createClient({ baseUrl: urls.gateway, ...options }).GET('/api/users/me');
    return data?.id ?? error?.code;
  };

  test('is a text, or a function that returns one', async () => {
    const { id, token } = await newUser(sharedApi);
    expect(await readMe({ token })).toBe(id);
    expect(await readMe({ token: () => token })).toBe(id);
    expect(await readMe({ token: async () => token })).toBe(id);
  });

  test('is requested for each call, so that it can change', async () => {
    const [one, other] = [await newUser(sharedApi), await newUser(sharedApi)];
    const tokens = [one.token, undefined, other.token];
    const api = createClient({ baseUrl: urls.gateway, token: () => tokens.shift() });
    const whoAmI = async () => (await api.GET('/api/users/me')).data?.id;
    expect([await whoAmI(), await whoAmI(), await whoAmI()]).toEqual([one.id, undefined, other.id]);
  });

  test('may be missing, and does not override the token of a call', async () => {
    const [one, other] = [await newUser(sharedApi), await newUser(sharedApi)];
    expect(await readMe({})).toBe('unauthenticated');
    const headers = { Authorization: `Bearer ${other.token}` };
    expect(await readMe({ token: one.token, headers })).toBe(other.id);
  });
});
