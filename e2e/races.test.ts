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
