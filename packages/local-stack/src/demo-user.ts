import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { z } from 'zod';
import { loadOrMake, writePrivate } from './secrets.ts';

const DemoUser = z.object({ email: z.string(), password: z.string() });
export type DemoUser = z.output<typeof DemoUser>;

const makeDemoUser = (name: string): DemoUser => ({
  email: `${name}@example.com`,
  password: randomBytes(12).toString('base64url'),
});

/** A user to try the API with: registered through the gateway at the first start, the same at every later one. */
export async function ensureDemoUser(stateDir: string, gatewayUrl: string): Promise<DemoUser> {
  const path = join(stateDir, 'demo-user.json');
  const known = loadOrMake(path, DemoUser, () => makeDemoUser('demo'));
  const login = await call(`${gatewayUrl}/api/auth/login`, known);
  if (login === 200) return known;
  if (login !== 401) throw new Error(`The demo user cannot log in: the gateway answered ${login}`);
  const registration = await call(`${gatewayUrl}/api/auth/register`, known);
  if (registration === 201) return known;
  if (registration !== 409)
    throw new Error(`The demo user cannot be registered: the gateway answered ${registration}`);
  // The database is an older one of its own, which has a demo user with another password.
  const other = makeDemoUser(`demo-${randomBytes(4).toString('hex')}`);
  const status = await call(`${gatewayUrl}/api/auth/register`, other);
  if (status !== 201)
    throw new Error(`The demo user could not be registered: the gateway answered ${status}`);
  writePrivate(path, other);
  return other;
}

async function call(url: string, body: DemoUser): Promise<number> {
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify(body),
  });
  await response.arrayBuffer();
  return response.status;
}
