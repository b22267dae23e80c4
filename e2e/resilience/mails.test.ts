// Mails while the mail server is unavailable and auth-service is killed.
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { root, testServers } from '@polyglot-notes/local-stack/testing';
import { newUser, startTcpProxy, tokenIn, until, type CaughtMail } from '@polyglot-notes/service-kit/testing';
import { openStores, type Stores } from '../stores.ts';
import { startSystem, type System } from '../systems.ts';

let folder: string;
let proxy: Awaited<ReturnType<typeof startTcpProxy>>;
let system: System;
let stores: Stores;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'polyglot-notes-clock-'));
  await setClock(0);
  const servers = testServers();
  proxy = await startTcpProxy(new URL(servers.smtpUrl));
  const processEnvironment = {
    NODE_OPTIONS: `--import ${pathToFileURL(join(root, 'e2e/resilience/shifted-clock.ts')).href}`,
    CLOCK_SHIFT: join(folder, 'shift'),
  };
  const settings = { EMAIL_VERIFICATION: 'optional' };
  system = await startSystem(settings, processEnvironment, { ...servers, smtpUrl: `smtp://${proxy.host}` });
  stores = await openStores(system);
});
afterAll(async () => {
  await stores.close();
  await system.close();
  proxy.close();
  await rm(folder, { recursive: true });
});

const setClock = (minutes: number) => writeFile(join(folder, 'shift'), String(minutes * 60_000));

async function killAuth(minutes: number): Promise<void> {
  await system.stop('auth-service', 'SIGKILL');
  await setClock(minutes);
}

/** The mails to each address with a subject, the oldest first. */
async function mailsBy(subject: string): Promise<Map<string, CaughtMail[]>> {
  const response = await fetch(`${process.env['TEST_MAIL_URL']}/api/email`);
  const mails = ((await response.json()) as CaughtMail[]).filter((mail) => mail.subject === subject);
  return Map.groupBy(mails, ({ to }) => to[0]!.address);
}

const waiting = async () =>
  (await stores.credentials.find({ 'mails.since': { $exists: true } }).toArray()).flatMap(
    ({ mails }) => mails as { attempts: number }[],
  );

const newUsers = () => Promise.all(Array.from({ length: 20 }, () => newUser(system.api)));

test('twenty registrations and twenty resets get their mails when the mail server is available after an hour', async () => {
  const known = await newUsers();
  await until(async () => (await waiting()).length === 0);
  proxy.disconnect();
  const registered = await newUsers();
  for (const { email } of known)
    await system.api.call('POST', '/api/auth/forgot-password', { body: { email } });
  await until(async () => (await waiting()).length === 40);
  await killAuth(30);
  await system.start('auth-service');
  await until(async () => (await waiting()).some(({ attempts }) => attempts > 2));
  await killAuth(60);
  proxy.recover();
  await system.start('auth-service');
  await until(async () => (await waiting()).length === 0, 60_000);

  const [confirmations, resets] = [
    await mailsBy('Confirm your email'),
    await mailsBy('Choose a new password'),
  ];
  const newest = (mails: Map<string, CaughtMail[]>, { email }: { email: string }) => {
    const arrived = mails.get(email) ?? [];
    expect([1, 2]).toContain(arrived.length);
    return tokenIn(arrived.at(-1)!);
  };
  const used = await Promise.all([
    ...registered.map((user) => {
      const body = { token: newest(confirmations, user), password: user.password };
      return system.api.call('POST', '/api/auth/verify-email', { body });
    }),
    ...known.map((user) =>
      system.api.call('PATCH', `/api/auth/reset-password/${newest(resets, user)}`, {
        body: { password: 'new correct horse' },
      }),
    ),
  ]);
  expect(used.map(({ status }) => status)).toEqual(used.map(() => 204));
});
