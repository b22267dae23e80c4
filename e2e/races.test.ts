import { describe, expect, test } from '@jest/globals';
import { buildAccount, newUser, oneWins, statuses } from '@polyglot-notes/service-kit/testing';
import { api, call } from './client.ts';

const register = (body: object) => call('POST', '/api/auth/register', { body });
const eight = <Result>(make: () => Result): Result[] => Array.from({ length: 8 }, make);

describe('eight registrations at once', () => {
  test('with the same email create one account, which works', async () => {
    const { email, password } = buildAccount();
    const answers = await Promise.all(eight(() => register({ ...buildAccount(), email, password })));
    expect(statuses(answers)).toEqual(oneWins(8, 201, 409));
    expect(new Set(answers.map(({ body }) => body.code))).toEqual(new Set([undefined, 'email_taken']));

    const login = await call('POST', '/api/auth/login', { body: { email, password } });
    const me = await call('GET', '/api/users/me', { token: login.body.accessToken });
    expect(me.body).toEqual(answers.find(({ status }) => status === 201)?.body.user);
  });

  test('with the same username create one account, and leave the other emails free and no partial account', async () => {
    const { username } = buildAccount();
    const accounts = eight(() => ({ ...buildAccount(), username }));
    const answers = await Promise.all(accounts.map(register));
    expect(statuses(answers)).toEqual(oneWins(8, 201, 409));
    expect(new Set(answers.map(({ body }) => body.code))).toEqual(new Set([undefined, 'username_taken']));

    for (const [index, answer] of answers.entries()) {
      if (answer.status === 201) continue;
      const { email, password } = accounts[index] ?? buildAccount();
      expect((await call('POST', '/api/auth/login', { body: { email, password } })).status).toBe(401);
      expect((await register({ email, password, username: buildAccount().username })).status).toBe(201);
    }
  });

  test('with the same email and username leave the losing usernames free', async () => {
    const account = buildAccount();
    const names = eight(() => buildAccount().username);
    const answers = await Promise.all(names.map((username) => register({ ...account, username })));
    const won: string = answers.find(({ status }) => status === 201)?.body.user.username;
    const lost = names.filter((name) => name !== won);
    const heirs = await Promise.all(lost.map((username) => register({ ...buildAccount(), username })));
    expect(new Set(statuses(heirs))).toEqual(new Set([201]));
  });
});

test('a username that eight users want at once goes to one of them', async () => {
  const { username } = buildAccount();
  const users = await Promise.all(eight(() => newUser(api)));
  const answers = await Promise.all(
    users.map((user) => user.call('PATCH', '/api/users/update-me', { body: { username } })),
  );
  expect(statuses(answers)).toEqual(oneWins(8, 200, 409));
});

test('twenty clients that edit one note, and repeat refused edits, leave every edit in its history', async () => {
  const user = await newUser(api);
  const { body: note } = await user.call('POST', '/api/notes', { body: { title: 'a', content: 'start' } });
  const path = `/api/notes/${note.id}`;
  const edit = async (client: number): Promise<void> => {
    const { body, headers } = await user.call('GET', path);
    const answer = await user.call('PATCH', path, {
      body: { content: `${body.content} ${client}` },
      headers: { 'If-Match': String(headers.etag) },
    });
    if (answer.status === 200) return;
    expect(answer.status).toBe(412);
    await edit(client);
  };
  await Promise.all(Array.from({ length: 20 }, (_, client) => edit(client)));
  const { body: last } = await user.call('GET', path);
  const words: string[] = last.content.split(' ');
  expect(words.slice(1).toSorted()).toEqual(
    Array.from({ length: 20 }, (_, client) => `${client}`).toSorted(),
  );
  const { body: history } = await user.call('GET', `${path}/versions?limit=100`);
  expect(history.items).toHaveLength(21);
  for (const { version } of history.items) {
    const { body } = await user.call('GET', `${path}/versions/${version}`);
    expect(body.content).toBe(words.slice(0, version).join(' '));
  }
});
