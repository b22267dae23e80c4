import { randomUUID } from 'node:crypto';
import type { TestSystem } from '@polyglot-notes/local-stack/testing';
import type { Session, User } from './results.ts';
import { send } from './requests.ts';

type Instances = Pick<TestSystem, 'urls' | 'admin'>;

const concurrency = 8;

/** The password of all users. */
export const password = 'correct horse battery';

/** Registers `count` users with a note and two sessions each, alternately through the gateways of all instances. */
export async function registerUsers(instances: readonly Instances[], count: number): Promise<User[]> {
  const users: User[] = [];
  const numbers = Array.from({ length: count }, (_, number) => number).values();
  const registerNext = async (): Promise<void> => {
    for (const number of numbers) {
      const { urls } = instances[number % instances.length]!;
      users[number] = await registerUser(urls.gateway);
    }
  };
  await Promise.all(Array.from({ length: concurrency }, registerNext));
  return users;
}

async function registerUser(gateway: string): Promise<User> {
  const account = { email: `${randomUUID()}@example.com`, password };
  const { user, accessToken } = (await post(`${gateway}/api/auth/register`, account)) as LoggedIn;
  await post(`${gateway}/api/notes`, { title: 'Shopping', content: 'Milk', tags: ['home'] }, accessToken);
  const other = (await post(`${gateway}/api/auth/login`, account)) as LoggedIn;
  return {
    id: user.id,
    email: account.email,
    sessions: [sessionOf(accessToken), sessionOf(other.accessToken)],
  };
}

function sessionOf(token: string): Session {
  const { sid } = JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString()) as {
    sid: string;
  };
  return { id: sid, token };
}

/** Logs the first admin in and returns the access token. */
export async function logInAdmin({ urls, admin }: Instances): Promise<string> {
  const { accessToken } = (await post(`${urls.gateway}/api/auth/login`, admin)) as LoggedIn;
  return accessToken;
}

interface LoggedIn {
  user: { id: string };
  accessToken: string;
}

async function post(url: string, body: unknown, token?: string): Promise<unknown> {
  const answer = await send(url, { method: 'POST', body, ...(token !== undefined && { token }) });
  if (answer.status >= 300) throw new Error(`${url} answered ${answer.status}`);
  return answer.body;
}
