import { randomUUID } from 'node:crypto';
import { createInternalClient } from '@polyglot-notes/service-kit';
import {
  listening,
  serverUrl,
  startTcpProxy,
  startTestIssuer,
  until,
} from '@polyglot-notes/service-kit/testing';
import request from 'supertest';
import { createApp } from '../src/app.ts';
import { readConfig } from '../src/config.ts';
import { createContext } from '../src/context.ts';
import { createDatabase } from './database.ts';

const USER_TO_NOTES_SECRET = 'the-secret-that-user-and-notes-share';

/** The titles of a list. */
export const titles = ({ body }: request.Response): string[] =>
  body.items.map(({ title }: { title: string }) => title);

/** The service on a database of its own, with a clock that tests may set and users made on demand; called over HTTP as users and as user-service. */
export async function startService({ isFeedDown = false } = {}) {
  const issuer = await startTestIssuer();
  issuer.state.isFeedDown = isFeedDown;
  const time = { now: new Date() };
  const database = new URL(await createDatabase());
  const wayToDatabase = await startTcpProxy(database);
  database.host = wayToDatabase.host;
  const config = readConfig({
    DATABASE_URL: database.href,
    JWKS_URL: issuer.jwksUrl,
    USER_TO_NOTES_SECRET,
    AUTH_SERVICE_URL: issuer.url,
    NOTES_TO_AUTH_SECRET: 'x'.repeat(32),
    LOG_LEVEL: 'silent',
  });
  const context = await createContext(config, { clock: () => time.now });
  const server = await listening(createApp(context));
  if (!isFeedDown) await until(async () => (await request(server).get('/health/ready')).status === 200);

  const internal = createInternalClient({
    baseUrl: serverUrl(server),
    caller: 'user-service',
    callee: 'notes-service',
    secret: USER_TO_NOTES_SECRET,
    timeoutMs: 10_000,
  });

  /** A new user's way of calling the service. */
  function newUser() {
    const userId = randomUUID();
    const token = issuer.tokenFor(userId);
    const as = (call: request.Test) => call.set('Authorization', `Bearer ${token}`);
    return {
      id: userId,
      list: (query = '') => as(request(server).get(`/api/notes${query}`)),
      create: (body: object) => as(request(server).post('/api/notes')).send(body),
      get: (id: string) => as(request(server).get(`/api/notes/${id}`)),
      patch: (id: string, body: object) => as(request(server).patch(`/api/notes/${id}`)).send(body),
      remove: (id: string) => as(request(server).delete(`/api/notes/${id}`)),
    };
  }

  return {
    server,
    db: context.db,
    time,
    issuer,
    newUser,
    erase: (owner: string) => internal.request('DELETE', `/internal/owners/${owner}`),
    wayToDatabase,
    async close() {
      issuer.close();
      server.close();
      await context.close();
      wayToDatabase.close();
    },
  };
}
