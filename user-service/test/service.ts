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

const AUTH_TO_USER_SECRET = 'the-secret-that-auth-and-user-share';
let profilesMade = 0;

/** The service on a database of its own, called over HTTP as users and as auth-service. */
export async function startService() {
  const issuer = await startTestIssuer();
  const wayToDatabase = await startTcpProxy(new URL(process.env['TEST_MONGODB_URL'] ?? ''));
  const config = readConfig({
    MONGODB_URL: `mongodb://${wayToDatabase.host}/?directConnection=true`,
    MONGODB_DATABASE: `${process.env['TEST_MONGODB_PREFIX']}${randomUUID().slice(0, 8)}`,
    JWKS_URL: issuer.jwksUrl,
    AUTH_TO_USER_SECRET,
    LOG_LEVEL: 'silent',
  });
  const context = await createContext(config);
  const server = await listening(createApp(context));
  await until(async () => (await request(server).get('/health/ready')).status === 200);
  const internal = createInternalClient({
    baseUrl: serverUrl(server),
    caller: 'auth-service',
    callee: 'user-service',
    secret: AUTH_TO_USER_SECRET,
    timeoutMs: 5_000,
  });

  const put = (id: string, desired: object) => internal.request('PUT', `/internal/profiles/${id}`, desired);
  const remove = (id: string) => internal.request('DELETE', `/internal/profiles/${id}`);

  /** What auth-service would wish for a new account; unique unless `fields` say otherwise. */
  function desiredProfile(fields: object = {}) {
    profilesMade++;
    const name = `user-${profilesMade}`;
    return { version: 1, email: `${name}@example.com`, emailVerified: false, username: name, ...fields };
  }

  const as = (id: string) => {
    const bearer = `Bearer ${issuer.tokenFor(id)}`;
    return {
      me: () => request(server).get('/api/users/me').set('Authorization', bearer),
      update: (body: object) =>
        request(server).patch('/api/users/update-me').set('Authorization', bearer).send(body),
    };
  };

  async function newUser(fields: object = {}) {
    const id = randomUUID();
    const desired = desiredProfile(fields);
    await put(id, desired);
    return { id, ...desired, ...as(id) };
  }

  return {
    server,
    put,
    remove,
    desiredProfile,
    newUser,
    as,
    wayToDatabase,
    async close() {
      issuer.close();
      server.close();
      await context.close();
      wayToDatabase.close();
    },
  };
}
