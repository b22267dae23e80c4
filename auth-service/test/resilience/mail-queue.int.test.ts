import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { until } from '@polyglot-notes/service-kit/testing';
import { readConfig } from '../../src/config.ts';
import { createContext } from '../../src/context.ts';
import { newTokenMail } from '../../src/credentials/mail-intents.ts';
import { newCredential } from '../../src/registration/claim-email.ts';
import { startService } from '../service.ts';
import { startSmtpServer } from '../smtp-server.ts';

let smtp: Awaited<ReturnType<typeof startSmtpServer>>;
let service: Awaited<ReturnType<typeof startService>>;
beforeAll(async () => {
  smtp = await startSmtpServer();
  service = await startService({ SMTP_URL: smtp.url });
});
afterAll(async () => {
  await service.close();
  smtp.close();
});

test('of 200 mails that two instances send, each arrives once', async () => {
  const now = new Date();
  const accounts = Array.from({ length: 200 }, () => {
    const account = { ...newCredential(`${randomUUID()}@example.com`, 'x', now), state: 'active' as const };
    return { ...account, mails: [newTokenMail('verifyEmail', account.email, account, now)] };
  });
  const other = await createContext(readConfig(service.environment));
  await service.context.db.collection<(typeof accounts)[number]>('credentials').insertMany(accounts);
  await until(async () => (await service.context.mails.count(undefined)) === 0, 120_000);
  expect(smtp.received.map(({ to }) => to).toSorted()).toEqual(accounts.map(({ email }) => email).toSorted());
  await other.close();
});
