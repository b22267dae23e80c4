import { Agent } from 'node:http';
import {
  buildNote,
  createClient,
  newUser,
  unique,
  type Answer,
  type User,
} from '@polyglot-notes/service-kit/testing';

const clients = 4;

/** A user and the ids of the notes that were acknowledged. */
interface Known {
  user: User;
  notes: string[];
}

/** Clients of the API at `url` that keep their connections and do what users do, until `stop`. No request may fail. */
export function startLoad(url: string) {
  const known: Known[] = [];
  const failures: string[] = [];
  let answered = 0;
  let isStopping = false;

  async function succeed(status: number, sent: Promise<Answer>): Promise<Answer['body']> {
    const answer = await sent;
    if (answer.status !== status) throw new Error(`${answer.status} ${JSON.stringify(answer.body)}`);
    answered++;
    return answer.body;
  }

  async function live(agent: Agent): Promise<void> {
    const api = createClient(url, { agent });
    const user = await newUser(api);
    const notes: string[] = [];
    known.push({ user, notes });
    let { token, refreshToken } = user;
    for (let round = 0; round < 5; round++) {
      const { call } = api.as(token);
      const { id } = await succeed(201, call('POST', '/api/notes', { body: buildNote() }));
      notes.push(id);
      await succeed(200, call('PATCH', `/api/notes/${id}`, { body: { content: unique() } }));
      await succeed(200, call('GET', '/api/notes?search=note'));
      await succeed(200, call('GET', '/api/users/me'));
      const renewed = await succeed(200, call('POST', '/api/auth/refresh', { body: { refreshToken } }));
      token = renewed.accessToken;
      refreshToken = renewed.refreshToken;
    }
  }

  const ended = Promise.all(
    Array.from({ length: clients }, async () => {
      const agent = new Agent({ keepAlive: true });
      while (!isStopping) await live(agent).catch((error: unknown) => failures.push(String(error)));
      agent.destroy();
    }),
  );

  return {
    /** The number of requests that succeeded so far. */
    answered: () => answered,
    async stop() {
      isStopping = true;
      await ended;
      return { known, failures };
    },
  };
}
