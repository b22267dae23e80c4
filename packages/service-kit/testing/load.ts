import { setTimeout as delay } from 'node:timers/promises';
import { buildNote, unique } from './factories.ts';
import type { Client } from './http-client.ts';
import { logIn, newUser, type User } from './users.ts';

const pauseMs = 500;

/** Does what users do, `count` of them at a time, until `stop`. No request may fail. */
export function startLoad(client: Client, count = 4) {
  /** The users and the ids of their notes that were acknowledged. */
  const known: { user: User; notes: string[] }[] = [];
  const failures: string[] = [];
  let answered = 0;
  let isStopping = false;

  async function live(): Promise<void> {
    const user = await newUser(client);
    const notes: string[] = [];
    known.push({ user, notes });
    let token = await logIn(client, user);
    let { refreshToken } = user;
    async function call(expected: number, method: string, path: string, body?: object) {
      const answer = await client
        .call(method, path, { token, body })
        .catch((error: unknown) => ({ status: 0, body: String(error) }));
      if (answer.status !== expected)
        throw new Error(`${method} ${path}: ${answer.status} ${JSON.stringify(answer.body)}`);
      answered++;
      return answer.body;
    }
    for (let round = 0; round < 5; round++) {
      const { id } = await call(201, 'POST', '/api/notes', buildNote());
      notes.push(id);
      await call(200, 'PATCH', `/api/notes/${id}`, { content: unique() });
      await call(200, 'GET', '/api/notes?search=note');
      await call(200, 'GET', '/api/users/me');
      await call(200, 'PATCH', '/api/users/update-me', { bio: unique() });
      const renewed = await call(200, 'POST', '/api/auth/refresh', { refreshToken });
      token = renewed.accessToken;
      refreshToken = renewed.refreshToken;
      // So that connections become idle, too.
      await delay(Math.random() * 200);
    }
  }
  const ended = Promise.all(
    Array.from({ length: count }, async () => {
      while (!isStopping)
        await live().catch(async (error: unknown) => {
          failures.push(String(error));
          await delay(pauseMs);
        });
    }),
  );

  /** The ids of the notes that are lost, and of those that were created without being acknowledged. */
  async function differencesOf({ user, notes }: (typeof known)[number]): Promise<string[]> {
    const { body } = await client.call('GET', '/api/notes?limit=100', { token: await logIn(client, user) });
    const stored: string[] = body.items.map(({ id }: { id: string }) => id);
    return [...notes.filter((id) => !stored.includes(id)), ...stored.filter((id) => !notes.includes(id))];
  }

  return {
    /** The number of requests that succeeded so far. */
    answered: () => answered,
    /** Ends the load. Returns what failed, and what differs between the notes that were acknowledged and those stored. */
    async stop() {
      isStopping = true;
      await ended;
      const differences: string[] = [];
      for (const each of known) differences.push(...(await differencesOf(each)));
      return { answered, failures, differences };
    },
  };
}
