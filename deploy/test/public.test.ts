import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import {
  login,
  mailsTo,
  newUser,
  send,
  startLoad,
  until,
  type Client,
} from '@polyglot-notes/service-kit/testing';
import { clientThroughCaddy } from './clients.ts';
import { composeProject } from './compose.ts';

// Not a name of this machine, and one for which Caddy signs the certificate itself (RFC 8375).
const host = 'notes.home.arpa';

const secrets = mkdtempSync(join(tmpdir(), 'polyglot-notes-secrets-'));
const newSecret = () => randomBytes(32).toString('base64url');
const write = (name: string, value: string) => writeFileSync(join(secrets, name), `${value}\n`);
const first = {
  AUTH_TO_USER_SECRET: newSecret(),
  USER_TO_AUTH_SECRET: newSecret(),
  USER_TO_NOTES_SECRET: newSecret(),
  NOTES_TO_AUTH_SECRET: newSecret(),
  KEY_ENCRYPTION_KEY: randomBytes(32).toString('base64'),
};
for (const [name, value] of Object.entries(first)) write(name, value);

const system = composeProject(
  'polyglot-notes-test-public',
  [
    'docker-compose.yml',
    'docker-compose.replicas.yml',
    'docker-compose.public.yml',
    'docker-compose.secrets.yml',
    'deploy/test/public.yml',
  ],
  {
    PUBLIC_URL: `https://${host}`,
    SMTP_URL: 'smtp://mail-server:1025',
    SECRETS_DIR: secrets,
    MAIL_PORT: '11081',
    BCRYPT_COST: '4',
  },
);

let client: Client;
beforeAll(async () => {
  await system.up('--build');
  client = await clientThroughCaddy(system, host);
});
afterAll(async () => {
  await system.remove();
  rmSync(secrets, { recursive: true });
});

test('does not start without a mail server', async () => {
  const starting = system.compose('run', '--rm', '--env', 'SMTP_URL=', 'check-env');
  await expect(starting).rejects.toThrow('SMTP_URL must be a mail server');
});

test('publishes Caddy only', async () => {
  const lines = await system.compose('ps', '--format', '{{.Service}} {{.Ports}}');
  const published = lines.split('\n').filter((line) => line.includes('->'));
  expect(published.map((line) => line.replace(/ .*/, '')).toSorted()).toEqual(['caddy', 'mail-server']);
});

test('redirects HTTP to HTTPS', async () => {
  const { status, headers } = await send('http://127.0.0.1:18080', '/api/notes?limit=1', {
    headers: { Host: host },
  });
  expect({ status, location: headers.location }).toEqual({
    status: 308,
    location: `https://${host}/api/notes?limit=1`,
  });
});

test('serves the API over TLS, with the security headers and HSTS once each', async () => {
  const user = await newUser(client);
  const { status, body } = await login(client, user);
  expect(status).toBe(200);
  const { call } = client.as(body.accessToken);
  const { headers, body: note } = await call('POST', '/api/notes', { body: { title: 'over TLS' } });
  expect(note.title).toBe('over TLS');
  // A header that came twice would have both values, with a comma.
  expect(headers).toMatchObject({
    'strict-transport-security': 'max-age=31536000',
    'x-content-type-options': 'nosniff',
    'x-frame-options': 'DENY',
  });
});

test('mails link to the public address, whose pages are there', async () => {
  const { email } = await newUser(client);
  await client.call('POST', '/api/auth/forgot-password', { body: { email } });
  await until(async () => (await mailsTo(email, system.mailUrl)).length === 1);
  const [{ text } = { text: '' }] = await mailsTo(email, system.mailUrl);
  const [, path = ''] = new RegExp(`^https://${host}(/[a-z-]+)#token=`, 'm').exec(text) ?? [];
  expect(path).toBe('/reset-password');
  const { status, headers } = await client.call('GET', path);
  expect([status, headers['content-type']]).toEqual([200, 'text/html; charset=utf-8']);
});

test('the audit trail has the address of the client, and none that the client invents', async () => {
  const user = await newUser(client);
  await client.call('POST', '/api/auth/login', {
    body: { email: user.email, password: user.password },
    headers: { 'X-Forwarded-For': '203.0.113.7', Forwarded: 'for=203.0.113.7' },
  });
  const { body } = await user.call('GET', `/api/auth/events?userId=${user.id}&type=logged_in`);
  const addresses = body.items.map(({ address }: { address: string }) => address);
  const [caddy = ''] = await system.containers('caddy');
  const format = '{{range .NetworkSettings.Networks}}{{.IPAddress}} {{end}}';
  const own = (await system.docker('inspect', '--format', format, caddy)).split(' ');
  expect(addresses).toEqual([expect.stringMatching(/^\d+\.\d+\.\d+\.\d+$/)]);
  expect([...own, '203.0.113.7']).not.toContain(addresses[0]);
});

test('docker inspect shows no secret that is in a file', async () => {
  const ids = await Promise.all(
    ['gateway', 'auth-service', 'user-service', 'notes-service'].map(system.containers),
  );
  const shown = await system.docker('inspect', '--format', '{{.Config.Env}}', ...ids.flat());
  expect(shown).toContain('KEY_ENCRYPTION_KEY_FILE=/run/secrets/KEY_ENCRYPTION_KEY');
  expect(shown).not.toMatch(/(?:_SECRET|KEY_ENCRYPTION_KEY)=[^ \]]/);
});

const noLoss = { failures: [], differences: [], isEnough: true };

/** Runs `change` while clients send requests. Returns what failed. */
async function underLoad(change: () => Promise<void>) {
  const load = startLoad(client, 8);
  await change().catch(async (error) => {
    await load.stop();
    throw error;
  });
  const { answered, ...faults } = await load.stop();
  console.log(`${answered} requests succeeded, ${faults.failures.length} failed`);
  return { ...faults, isEnough: answered > 100 };
}

test('the gateways are replaced under load, and no request is lost', async () => {
  expect(await underLoad(() => system.replace('gateway'))).toEqual(noLoss);
});

test('the secret of two services is replaced under load, and no request is lost', async () => {
  const [before, after] = [first.AUTH_TO_USER_SECRET, newSecret()];
  const faults = await underLoad(async () => {
    for (const value of [`${before},${after}`, `${after},${before}`, after]) {
      write('AUTH_TO_USER_SECRET', value);
      await system.replace('auth-service', 'user-service');
    }
  });
  expect(faults).toEqual(noLoss);
}, 600_000);
