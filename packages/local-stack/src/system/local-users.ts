import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { loadOrMake, writePrivate } from './secrets.ts';
import type { Settings } from './settings.ts';

const LocalUser = z.object({ email: z.string(), password: z.string() });
export type LocalUser = z.output<typeof LocalUser>;

const makeUser = (name: string): LocalUser => ({
  email: `${name}@example.com`,
  password: randomBytes(12).toString('base64url'),
});

/** The first admin. The first start generates what the settings leave open; later starts reuse it. */
export function localAdmin({ stateDir, ADMIN_EMAIL, ADMIN_PASSWORD }: Settings): LocalUser {
  if (ADMIN_EMAIL !== undefined && ADMIN_PASSWORD !== undefined)
    return { email: ADMIN_EMAIL, password: ADMIN_PASSWORD };
  const made = loadOrMake(adminFile(stateDir), LocalUser, () => makeUser('admin'));
  return { email: ADMIN_EMAIL ?? made.email, password: ADMIN_PASSWORD ?? made.password };
}

/** The first admin, or undefined before the first start when the settings leave something open. */
export function recordedAdmin(settings: Settings): LocalUser | undefined {
  const isOpen = settings.ADMIN_EMAIL === undefined || settings.ADMIN_PASSWORD === undefined;
  return isOpen && !existsSync(adminFile(settings.stateDir)) ? undefined : localAdmin(settings);
}

const adminFile = (stateDir: string) => join(stateDir, 'admin.json');

/** The admin that can log in. Undefined when the database is older than the settings and has another admin. */
export async function knownAdmin(authUrl: string, settings: Settings): Promise<LocalUser | undefined> {
  const wanted = localAdmin(settings);
  if (await canLogIn(authUrl, wanted)) return wanted;
  const made = recordedAdmin({ ...settings, ADMIN_EMAIL: undefined, ADMIN_PASSWORD: undefined });
  if (made === undefined || made.password === wanted.password) return undefined;
  return (await canLogIn(authUrl, made)) ? made : undefined;
}

async function canLogIn(authUrl: string, { email, password }: LocalUser): Promise<boolean> {
  return (await call(`${authUrl}/api/auth/login`, { email, password })) === 200;
}

/** The demo user, registered at the first start and reused later. */
export async function ensureDemoUser(stateDir: string, authUrl: string): Promise<LocalUser> {
  const path = join(stateDir, 'demo-user.json');
  const known = loadOrMake(path, LocalUser, () => makeUser('demo'));
  if (await canLogIn(authUrl, known)) return known;
  const registration = await call(`${authUrl}/api/auth/register`, known);
  if (registration === 201) return known;
  if (registration !== 409)
    throw new Error(`The demo user cannot be registered: auth-service answered ${registration}`);
  // An older database has a demo user with another password, or has deactivated ours.
  const other = makeUser(`demo-${randomBytes(4).toString('hex')}`);
  const status = await call(`${authUrl}/api/auth/register`, other);
  if (status !== 201)
    throw new Error(`The demo user could not be registered: auth-service answered ${status}`);
  writePrivate(path, other);
  return other;
}

async function call(url: string, body: LocalUser): Promise<number> {
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify(body),
  });
  await response.arrayBuffer();
  return response.status;
}
