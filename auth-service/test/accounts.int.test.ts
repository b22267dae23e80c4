import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import request from 'supertest';
import { newAccount, startService } from './service.ts';

let service: Awaited<ReturnType<typeof startService>>;
beforeAll(async () => {
  service = await startService();
});
afterAll(() => service.close());

async function newUser() {
  const account = newAccount();
  const { body } = await service.register(account);
  return { ...account, id: String(body.user.id) };
}
const logIn = ({ email, password }: { email: string; password: string }) =>
  service.login({ email, password });

describe('what user-service decides of an account', () => {
  test('closes and opens the login, to who knows the password', async () => {
    const user = await newUser();
    await service.putAccount(user.id, { version: 2, role: 'user', status: 'deactivated' });
    expect((await logIn(user)).body).toMatchObject({ status: 403, code: 'account_deactivated' });
    expect((await logIn({ ...user, password: 'wrong horse' })).body).toMatchObject({
      code: 'invalid_credentials',
    });
    await service.putAccount(user.id, { version: 3, role: 'user', status: 'active' });
    expect((await logIn(user)).status).toBe(200);
  });

  test('is in the next token', async () => {
    const user = await newUser();
    await service.putAccount(user.id, { version: 2, role: 'admin', status: 'active' });
    expect((await logIn(user)).body.user).toMatchObject({ role: 'admin' });
  });

  test('does not undo what was decided later', async () => {
    const user = await newUser();
    await service.putAccount(user.id, { version: 5, role: 'user', status: 'deactivated' });
    const late = await service.putAccount(user.id, { version: 4, role: 'admin', status: 'active' });
    expect(late.data).toEqual({ state: 'present', version: 5 });
    expect((await logIn(user)).body).toMatchObject({ code: 'account_deactivated' });
  });

  test('brings no account to life', async () => {
    const id = randomUUID();
    const answer = await service.putAccount(id, { version: 2, role: 'admin', status: 'active' });
    expect(answer.data).toEqual({ state: 'absent' });
    expect(await service.credentials()).not.toContainEqual(expect.objectContaining({ _id: id }));
  });

  test('makes no admin of an account that is not registered to the end, and may be withdrawn', async () => {
    const user = await newUser();
    const credentials = service.context.db.collection<{ _id: string }>('credentials');
    await credentials.updateOne({ _id: user.id }, { $set: { state: 'pending' } });
    const early = await service.putAccount(user.id, { version: 2, role: 'admin', status: 'active' });
    expect(early.data).toEqual({ state: 'absent' });
    await credentials.updateOne({ _id: user.id }, { $set: { state: 'active' } });
    expect((await logIn(user)).body.user).toMatchObject({ role: 'user' });
  });

  test('switches off an account that is not registered to the end yet', async () => {
    const user = await newUser();
    const credentials = service.context.db.collection<{ _id: string }>('credentials');
    await credentials.updateOne({ _id: user.id }, { $set: { state: 'pending' } });
    await service.putAccount(user.id, { version: 2, role: 'user', status: 'deactivated' });
    await credentials.updateOne({ _id: user.id }, { $set: { state: 'active' } });
    expect((await logIn(user)).body).toMatchObject({ code: 'account_deactivated' });
  });
});

describe('erasing an account', () => {
  test('frees the email, and says the same at each repeat', async () => {
    const user = await newUser();
    const answers = await Promise.all(Array.from({ length: 4 }, () => service.erase(user.id)));
    for (const { data } of answers) expect(data).toEqual({ credentials: 1, sessions: 0 });
    expect((await service.erase(user.id)).data).toEqual({ credentials: 1, sessions: 0 });
    expect((await logIn(user)).body).toMatchObject({ status: 401, code: 'invalid_credentials' });
    const { email, password } = user;
    expect((await service.register({ email, password, username: newAccount().username })).status).toBe(201);
  });

  test('removes nothing where there is nothing', async () => {
    expect((await service.erase(randomUUID())).data).toEqual({ credentials: 0, sessions: 0 });
  });
});

test.each(['put', 'delete'] as const)(
  '%s is not listened to without the token of user-service',
  async (method) => {
    const { body } = await service.register(newAccount());
    const path = `/internal/accounts/${body.user.id}`;
    for (const token of ['nonsense', body.accessToken]) {
      const call = request(service.server)[method](path).set('Authorization', `Bearer ${token}`);
      expect((await call.send({ version: 9, role: 'admin', status: 'active' })).status).toBe(401);
    }
  },
);
