import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { buildAccount, dropsConnection, until } from '@polyglot-notes/service-kit/testing';
import request from 'supertest';
import { createApp } from '../src/app.ts';
import { readConfig } from '../src/config.ts';
import { createContext } from '../src/context.ts';
import { freshEnvironment, relayPollMs, startService, deactivated } from './service.ts';

let service: Awaited<ReturnType<typeof startService>>;
const opened: { close(): Promise<void> }[] = [];
beforeAll(async () => {
  service = await startService();
});
afterEach(async () => {
  for (const context of opened.splice(0)) await context.close();
  await service.clear();
});
afterAll(() => service.close());

/** Another process of the same system, started with these settings. */
async function startWith(admin: { email: string; password: string }) {
  const environment = {
    ...service.environment,
    ADMIN_EMAIL: admin.email,
    ADMIN_PASSWORD: admin.password,
  };
  const context = await createContext(readConfig(environment), { relayPollMs, adminRetryMs: 50 });
  opened.push(context);
  const app = createApp(context);
  const ready = async () => (await request(app).get('/health/ready')).status === 200;
  return { ready, ensure: () => context.firstAdmin.ensure() };
}

const roleOf = async ({ email, password }: { email: string; password: string }) =>
  (await service.login({ email, password })).body.user?.role;

describe('the first admin', () => {
  test('is registered when there is no such account', async () => {
    const admin = buildAccount();
    const process = await startWith(admin);
    expect(await process.ready()).toBe(false);
    await process.ensure();
    expect(await process.ready()).toBe(true);
    expect(await roleOf(admin)).toBe('admin');
  });

  test('is one account when several processes start at once', async () => {
    const admin = buildAccount();
    const processes = await Promise.all(Array.from({ length: 4 }, () => startWith(admin)));
    await Promise.all(processes.map(({ ensure }) => ensure()));
    expect(await roleOf(admin)).toBe('admin');
    expect(await service.credentials()).toHaveLength(1);
  });

  test('is an existing account with the right password', async () => {
    const account = buildAccount();
    await service.register(account);
    await (await startWith(account)).ensure();
    expect(await roleOf(account)).toBe('admin');
  });

  test('is refused when the password is wrong', async () => {
    const account = buildAccount();
    await service.register(account);
    const { ensure } = await startWith({ ...account, password: 'another password' });
    await expect(ensure()).rejects.toMatchObject({
      name: 'StartError',
      message: expect.stringContaining('ADMIN_PASSWORD is not its password'),
    });
    expect(await roleOf(account)).toBe('user');
  });

  test('is refused for an interrupted registration with another password, and resumed with the right one', async () => {
    const account = buildAccount();
    const { body } = await service.register(account);
    await service.context.db
      .collection<{ _id: string }>('credentials')
      .updateOne(
        { _id: body.user.id },
        { $set: { state: 'pending', createdAt: new Date(Date.now() - 61_000) } },
      );
    const { ensure } = await startWith({ ...account, password: 'another password' });
    await expect(ensure()).rejects.toThrow(/ADMIN_PASSWORD is not its password/);
    await (await startWith(account)).ensure();
    expect(await roleOf(account)).toBe('admin');
    const { email, password } = account;
    expect((await service.login({ email, password })).body.user.emailVerified).toBe(true);
  });

  test('waits for a registration in progress with another password', async () => {
    const account = buildAccount();
    const { body } = await service.register({ ...account, password: 'another password' });
    const credentials = service.context.db.collection<{ _id: string }>('credentials');
    await credentials.updateOne({ _id: body.user.id }, { $set: { state: 'pending' } });
    const process = await startWith(account);
    const settled = process.ensure();
    await delay(300);
    expect(await process.ready()).toBe(false);
    // The registration is cancelled, as when its username is taken.
    await service.erase(body.user.id);
    await service.context.userService.removeProfile(body.user.id);
    await settled;
    expect(await roleOf(account)).toBe('admin');
  });

  test('is refused when the account is deactivated', async () => {
    const account = buildAccount();
    const { body } = await service.register(account);
    await service.putAccount(body.user.id, deactivated);
    await expect((await startWith(account)).ensure()).rejects.toThrow(/deactivated/);
  });

  test('is not registered while there is an admin', async () => {
    const [admin, other] = [buildAccount(), buildAccount()];
    await (await startWith(admin)).ensure();
    await service.register(other);
    await (await startWith(other)).ensure();
    expect(await roleOf(other)).toBe('user');
    await (await startWith({ ...admin, password: 'whatever' })).ensure();
    await (await startWith({ email: 'no email', password: 'short' })).ensure();
  });

  test('waits until user-service is available', async () => {
    const admin = buildAccount();
    service.userService.faults.before = dropsConnection;
    const attempts = service.userService.attempts();
    const process = await startWith(admin);
    const settled = process.ensure();
    await until(() => service.userService.attempts() > attempts);
    expect(await process.ready()).toBe(false);
    service.userService.recover();
    await settled;
    expect(await roleOf(admin)).toBe('admin');
  });

  test('must have an email and a password that registration accepts', async () => {
    const { ensure } = await startWith({ email: `${'a'.repeat(65)}@example.com`, password: 'short' });
    await expect(ensure()).rejects.toThrow(
      /ADMIN_EMAIL: must be an email address.*\n.*ADMIN_PASSWORD: must be at least 8 characters/,
    );
  });

  test.each(['ADMIN_EMAIL', 'ADMIN_PASSWORD'])('requires more than %s alone', (name) => {
    expect(() => readConfig({ ...freshEnvironment(), [name]: 'admin@example.com' })).toThrow(/go together/);
  });
});
