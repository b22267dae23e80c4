import { randomUUID } from 'node:crypto';
import { startTcpProxy, startTestIssuer, until } from '@polyglot-notes/service-kit/testing';
import request from 'supertest';
import { createApp } from '../src/app.ts';
import { readConfig } from '../src/config.ts';
import { createContext } from '../src/context.ts';
import { createDatabase } from './database.ts';

/** The service on a database of its own, with a clock that tests may set and users made on demand. */
export async function startService() {
  const issuer = await startTestIssuer();
  const time = { now: new Date() };
  const database = new URL(await createDatabase());
  const wayToDatabase = await startTcpProxy(database);
  database.host = wayToDatabase.host;
  const config = readConfig({
    DATABASE_URL: database.href,
    JWKS_URL: issuer.jwksUrl,
    LOG_LEVEL: 'silent',
  });
  const context = await createContext(config, { clock: () => time.now });
  const app = createApp(context);
  await until(async () => (await request(app).get('/health/ready')).status === 200);

  /** A new user's way of calling the service. */
  function newUser() {
    const token = issuer.tokenFor(randomUUID());
    const as = (call: request.Test) => call.set('Authorization', `Bearer ${token}`);
    return {
      list: (query = '') => as(request(app).get(`/api/notes${query}`)),
      create: (body: object) => as(request(app).post('/api/notes')).send(body),
      get: (id: string) => as(request(app).get(`/api/notes/${id}`)),
      patch: (id: string, body: object) => as(request(app).patch(`/api/notes/${id}`)).send(body),
      remove: (id: string) => as(request(app).delete(`/api/notes/${id}`)),
    };
  }

  return {
    app,
    time,
    issuer,
    newUser,
    wayToDatabase,
    async close() {
      issuer.close();
      await context.close();
      wayToDatabase.close();
    },
  };
}
