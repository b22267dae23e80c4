import { describe, expect, test } from '@jest/globals';
import { oneWins, statuses } from '@polyglot-notes/service-kit/testing';
import { call, newAccount, newUser } from './client.ts';

const register = (body: object) => call('POST', '/api/auth/register', { body });
const eight = <Result>(make: () => Result): Result[] => Array.from({ length: 8 }, make);

describe('eight registrations at once', () => {
  test('with the same email make one account, which can be used', async () => {
    const { email, password } = newAccount();
    const answers = await Promise.all(eight(() => register({ ...newAccount(), email, password })));
    expect(statuses(answers)).toEqual(oneWins(8, 201, 409));
    expect(new Set(answers.map(({ body }) => body.code))).toEqual(new Set([undefined, 'email_taken']));

    const login = await call('POST', '/api/auth/login', { body: { email, password } });
    const me = await call('GET', '/api/users/me', { token: login.body.accessToken });
    expect(me.body).toEqual(answers.find(({ status }) => status === 201)?.body.user);
  });

  test('with the same username make one account, and leave the other emails and no half account', async () => {
    const { username } = newAccount();
    const accounts = eight(() => ({ ...newAccount(), username }));
    const answers = await Promise.all(accounts.map(register));
    expect(statuses(answers)).toEqual(oneWins(8, 201, 409));
    expect(new Set(answers.map(({ body }) => body.code))).toEqual(new Set([undefined, 'username_taken']));

    for (const [index, answer] of answers.entries()) {
      if (answer.status === 201) continue;
      const { email, password } = accounts[index] ?? newAccount();
      expect((await call('POST', '/api/auth/login', { body: { email, password } })).status).toBe(401);
      expect((await register({ email, password, username: newAccount().username })).status).toBe(201);
    }
  });

  test('with the same email and username leave the name free that lost', async () => {
    const account = newAccount();
    const names = eight(() => newAccount().username);
    const answers = await Promise.all(names.map((username) => register({ ...account, username })));
    const won: string = answers.find(({ status }) => status === 201)?.body.user.username;
    const lost = names.filter((name) => name !== won);
    const heirs = await Promise.all(lost.map((username) => register({ ...newAccount(), username })));
    expect(new Set(statuses(heirs))).toEqual(new Set([201]));
  });
});

test('a username that two want at once goes to one of them', async () => {
  const { username } = newAccount();
  const users = await Promise.all(eight(() => newUser()));
  const answers = await Promise.all(
    users.map((user) => user.call('PATCH', '/api/users/update-me', { body: { username } })),
  );
  expect(statuses(answers)).toEqual(oneWins(8, 200, 409));
});
