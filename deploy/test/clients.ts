import { Agent } from 'node:http';
import { Agent as TlsAgent } from 'node:https';
import { setTimeout as delay } from 'node:timers/promises';
import {
  createClient,
  login,
  newUser,
  until,
  type Answer,
  type Client,
} from '@polyglot-notes/service-kit/testing';
import type { Compose } from './compose.ts';

/** A client of the system at `url`, over connections that are kept, as a browser or a proxy does. */
export const clientOf = (url: string, agent = new Agent({ keepAlive: true })) =>
  createClient(url, { timeoutMs: 30_000, agent });

/** A client that trusts the certificate of Caddy, as soon as Caddy and a gateway are ready. `host` is that of PUBLIC_URL. */
export async function clientThroughCaddy(system: Compose, host: string): Promise<Client> {
  const certificate = '/data/caddy/pki/authorities/local/root.crt';
  let ca = '';
  await until(async () => {
    ca = await system.compose('exec', '-T', 'caddy', 'cat', certificate).catch(() => '');
    return ca !== '';
  });
  const agent = new TlsAgent({ host: '127.0.0.1', port: 18_443, ca, keepAlive: true });
  const client = clientOf(`https://${host}`, agent);
  await until(
    async () => (await client.call('GET', '/health').catch(() => undefined))?.body?.status === 'ok',
  );
  return client;
}

/** A call that a client repeats, with the status that it must have. */
export type Call = () => Promise<{ answer: Answer; expected: number; call: string }>;

/** What users do: they write and list notes, read and change their profile, register and log in. */
export async function usualCalls(client: Client): Promise<Call[]> {
  const users = await Promise.all(Array.from({ length: 8 }, () => newUser(client)));
  let turn = 0;
  const asUser =
    (expected: number, method: string, path: string, body?: object): Call =>
    async () => ({
      answer: await users[turn++ % users.length]!.call(method, path, { body }),
      expected,
      call: `${method} ${path}`,
    });
  return [
    asUser(201, 'POST', '/api/notes', { title: 'under load' }),
    asUser(200, 'GET', '/api/notes?limit=5'),
    asUser(200, 'GET', '/api/users/me'),
    asUser(200, 'PATCH', '/api/users/update-me', { bio: 'busy' }),
    // As a new user, because a hundred logins would end the first session of a user.
    async () => ({
      answer: await login(client, await newUser(client)),
      expected: 200,
      call: 'POST /api/auth/login',
    }),
  ];
}

/** Repeats these calls with `count` clients until the returned function is called, which returns the failures. */
export function load(calls: Call[], count: number): () => Promise<{ good: number; bad: string[] }> {
  let isOver = false;
  let good = 0;
  const bad: string[] = [];
  const clients = Array.from({ length: count }, async (_, client) => {
    for (let i = client; !isOver; i++) {
      const send = calls[i % calls.length]!;
      try {
        const { answer, expected, call } = await send();
        if (answer.status === expected) good++;
        else bad.push(`${call}: ${answer.status} ${answer.body?.code}`);
      } catch (error) {
        bad.push(String(Error.isError(error) ? (error.cause ?? error) : error));
      }
      // A pause now and then, so that connections become idle too.
      if (i % 7 === 0) await delay(i % 200);
    }
  });
  return async () => {
    isOver = true;
    await Promise.all(clients);
    return { good, bad };
  };
}
