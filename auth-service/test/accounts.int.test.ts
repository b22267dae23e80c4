import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import request from 'supertest';
import { decodeJwt } from './jwt.ts';
import { buildAccount } from '@polyglot-notes/service-kit/testing';
import { startService } from './service.ts';

let service: Awaited<ReturnType<typeof startService>>;
beforeAll(async () => {
  service = await startService();
});
afterAll(() => service.close());

async function newUser() {
  const account = buildAccount();
  const { body } = await service.register(account);
  return { ...account, id: String(body.user.id) };
}
const logIn = ({ email, password }: { email: string; password: string }) =>
  service.login({ email, password });

const state = (accountVersion: number, fields: object = {}) => ({
  accountVersion,
  role: 'user',
  status: 'active',
  accessRevocations: 0,
  sessionRevocations: 0,
  ...fields,
});
const off = { status: 'deactivated', accessRevocations: 1, sessionRevocations: 1 };
const credential = async (id: string) => (await service.credentials()).find(({ _id }) => String(_id) === id);

describe('the account state that user-service decides', () => {
  test('closes and opens the login for a caller with the right password', async () => {
    const user = await newUser();
    await service.putAccount(user.id, state(2, off));
    expect((await logIn(user)).body).toMatchObject({ status: 403, code: 'account_deactivated' });
    expect((await logIn({ ...user, password: 'wrong horse' })).body).toMatchObject({
      code: 'invalid_credentials',
    });
    await service.putAccount(user.id, state(3, { ...off, status: 'active' }));
    expect((await logIn(user)).status).toBe(200);
  });

  test('is in the next token', async () => {
    const user = await newUser();
    const { data } = await service.putAccount(user.id, state(2, { role: 'admin', accessRevocations: 1 }));
    expect(data).toMatchObject({ state: 'present', accountVersion: 2, accessVersion: 2 });
    const { body } = await logIn(user);
    expect(body.user).toMatchObject({ role: 'admin' });
    expect(decodeJwt(body.accessToken).claims).toMatchObject({ role: 'admin', ver: 2 });
  });

  test('does not replace a later state', async () => {
    const user = await newUser();
    await service.putAccount(user.id, state(5, off));
    const late = await service.putAccount(user.id, state(4, { role: 'admin' }));
    expect(late.data).toMatchObject({
      accountVersion: 5,
      accessVersion: 2,
      accessRevocations: 1,
      sessionRevocations: 1,
    });
    expect((await logIn(user)).body).toMatchObject({ code: 'account_deactivated' });
  });

  test('changes nothing the second time', async () => {
    const user = await newUser();
    for (const _time of [1, 2]) {
      const { data } = await service.putAccount(user.id, state(2, off));
      expect(data).toMatchObject({ state: 'present', accountVersion: 2, accessVersion: 2 });
    }
  });

  test('revokes by its counts, whatever the status is, and counts sessions separately', async () => {
    const user = await newUser();
    const { body } = await logIn(user);
    await service.putAccount(user.id, state(3, { ...off, status: 'active', accessRevocations: 2 }));
    expect(await credential(user.id)).toMatchObject({
      status: 'active',
      accessRevocations: 2,
      sessionRevocations: 1,
    });
    const change = { currentPassword: user.password, newPassword: 'new correct horse' };
    expect((await service.updatePassword(body.accessToken, change)).body).toMatchObject({
      code: 'token_revoked',
    });
  });

  test('creates no account', async () => {
    const id = randomUUID();
    expect((await service.putAccount(id, state(2, { role: 'admin' }))).data).toEqual({ state: 'absent' });
    const user = await newUser();
    await service.erase(user.id);
    expect((await service.putAccount(user.id, state(9))).data).toEqual({ state: 'absent' });
    for (const missing of [id, user.id]) expect(await credential(missing)).toBeUndefined();
  });

  test.each(['pending', 'cancelling'])('waits for a registration that is %s', async (unfinished) => {
    const user = await newUser();
    const credentials = service.context.db.collection<{ _id: string }>('credentials');
    await credentials.updateOne({ _id: user.id }, { $set: { state: unfinished } });
    const early = await service.putAccount(user.id, state(2, { role: 'admin' }));
    expect(early.data).toEqual({ state: 'pending' });
    await credentials.updateOne({ _id: user.id }, { $set: { state: 'active' } });
    expect((await logIn(user)).body.user).toMatchObject({ role: 'user' });
  });
});

describe('erasing an account', () => {
  test('frees the email and returns the same receipt at each repeat', async () => {
    const user = await newUser();
    const answers = await Promise.all(Array.from({ length: 4 }, () => service.erase(user.id)));
    for (const { data } of answers) expect(data).toEqual({ credentials: 1, sessions: 1 });
    expect((await service.erase(user.id)).data).toEqual({ credentials: 1, sessions: 1 });
    expect((await logIn(user)).body).toMatchObject({ status: 401, code: 'invalid_credentials' });
    const { email, password } = user;
    expect((await service.register({ email, password, username: buildAccount().username })).status).toBe(201);
  });

  test('removes nothing where there is nothing', async () => {
    expect((await service.erase(randomUUID())).data).toEqual({ credentials: 0, sessions: 0 });
  });
});

test.each(['put', 'delete'] as const)('%s is refused without the token of user-service', async (method) => {
  const { body } = await service.register(buildAccount());
  const path = `/internal/accounts/${body.user.id}`;
  for (const token of ['nonsense', body.accessToken]) {
    const call = request(service.server)[method](path).set('Authorization', `Bearer ${token}`);
    expect((await call.send(state(9, { role: 'admin' }))).status).toBe(401);
  }
});
