import { randomUUID } from 'node:crypto';
import { connect, migrate } from '@polyglot-notes/mongo-kit';
import { createInternalClient } from '@polyglot-notes/service-kit';
import {
  listening,
  newSecret,
  scaled,
  serverUrl,
  startTcpProxy,
  startTestIssuer,
  until,
} from '@polyglot-notes/service-kit/testing';
import request from 'supertest';
import { startAuthService, startNotesService } from './fake-services.ts';
import { createApp } from '../src/app.ts';
import { readConfig } from '../src/config.ts';
import { createContext } from '../src/context.ts';
import { migrations } from '../src/migrations.ts';

const AUTH_TO_USER_SECRET = newSecret();
// Often, so that tests wait for little.
const relayPollMs = 50;
let profilesMade = 0;

/** The service on a database of its own with fakes of the others, called over HTTP as users and as auth-service. */
export async function startService() {
  const issuer = await startTestIssuer();
  const authService = await startAuthService();
  const notesService = await startNotesService();
  const wayToDatabase = await startTcpProxy(new URL(process.env['TEST_MONGODB_URL'] ?? ''));
  const config = readConfig({
    MONGODB_URL: `mongodb://${wayToDatabase.host}/?directConnection=true`,
    MONGODB_DATABASE: `${process.env['TEST_MONGODB_PREFIX']}${randomUUID().slice(0, 8)}`,
    JWKS_URL: issuer.jwksUrl,
    AUTH_TO_USER_SECRET,
    AUTH_SERVICE_URL: authService.url,
    USER_TO_AUTH_SECRET: newSecret(),
    NOTES_SERVICE_URL: notesService.url,
    USER_TO_NOTES_SECRET: newSecret(),
    INTERNAL_TIMEOUT_MS: String(scaled(300)),
    PUBLIC_URL: 'https://notes.example.com/',
    LOG_LEVEL: 'silent',
  });
  const db = await connect(config.MONGODB_URL, config.MONGODB_DATABASE);
  await migrate(db, migrations);
  await db.close();
  const context = await createContext(config, { restoreIntervalMs: 200, relayPollMs });
  /** Another instance on the same data, which only runs its relay. */
  const anotherInstance = () => createContext(config, { relayPollMs });
  const server = await listening(createApp(context));
  await until(async () => (await request(server).get('/health/ready')).status === 200);
  const internal = createInternalClient({
    baseUrl: serverUrl(server),
    caller: 'auth-service',
    callee: 'user-service',
    secrets: [AUTH_TO_USER_SECRET],
    timeoutMs: 5_000,
  });

  const put = (id: string, desired: object) => internal.request('PUT', `/internal/profiles/${id}`, desired);
  const remove = (id: string) => internal.request('DELETE', `/internal/profiles/${id}`);

  /** The desired state of a new profile; unique unless `fields` say otherwise. */
  function desiredProfile(fields: object = {}) {
    profilesMade++;
    const name = `user-${profilesMade}`;
    const email = `${name}@example.com`;
    return { profileVersion: 1, email, emailVerified: false, accessVersion: 1, username: name, ...fields };
  }

  /** Calls with a token with these claims. */
  const as = (id: string, role = 'user', ver = 1, sid: string = randomUUID()) => {
    const bearer = `Bearer ${issuer.tokenFor(id, { claims: { role, ver, sid } })}`;
    const authorized = (call: request.Test) => call.set('Authorization', bearer);
    return {
      me: () => authorized(request(server).get('/api/users/me')),
      update: (body: object) => authorized(request(server).patch('/api/users/update-me')).send(body),
      deleteMe: () => authorized(request(server).delete('/api/users/delete-me')),
      list: (query: Record<string, string | number> = {}) =>
        authorized(request(server).get('/api/users')).query(query),
      get: (user: string) => authorized(request(server).get(`/api/users/${user}`)),
      patch: (user: string, body: object) =>
        authorized(request(server).patch(`/api/users/${user}`)).send(body),
      remove: (user: string) => authorized(request(server).delete(`/api/users/${user}`)),
      endSessions: (user: string) => authorized(request(server).delete(`/api/users/${user}/sessions`)),
      deletion: (user: string) => authorized(request(server).get(`/api/users/deletions/${user}`)),
      deliveries: (query: Record<string, string | number> = {}) =>
        authorized(request(server).get('/api/users/deliveries')).query(query),
      release: (user: string) => authorized(request(server).post(`/api/users/deliveries/${user}/release`)),
    };
  };

  async function newUser(fields: object = {}) {
    const id = randomUUID();
    const desired = desiredProfile(fields);
    await put(id, desired);
    return { id, ...desired, ...as(id) };
  }

  const endSession = (id: string) => internal.request('PUT', `/internal/ended-sessions/${id}`);

  const appoint = (id: string) => internal.request('PUT', '/internal/first-admin', { id });

  /** Calls with a token as a login would return it now. */
  async function logIn(id: string) {
    const account = await context.profiles.find(id);
    if (account === null) throw new Error('there is no such account');
    return as(id, account.role, 1 + account.accessRevocations);
  }

  /**
   * Makes the pending deliveries to other services due, as if their leases and pauses were over, and resolves when there is
   * none.
   */
  async function allDelivered() {
    await context.db
      .collection('profiles')
      .updateMany({ 'delivery.dueAt': { $gt: new Date(0) } }, { $set: { 'delivery.dueAt': new Date(0) } });
    await until(async () => (await context.deliveries.count(undefined)) === 0, 30_000);
  }

  /** An admin: the first one, or one that the admin `by` promotes. */
  async function newAdmin(by?: ReturnType<typeof as>) {
    const user = await newUser();
    if (by === undefined) {
      await appoint(user.id);
      await allDelivered();
    } else await by.patch(user.id, { role: 'admin' });
    return { ...user, ...(await logIn(user.id)) };
  }

  return {
    server,
    context,
    authService,
    notesService,
    appoint,
    endSession,
    newAdmin,
    put,
    remove,
    desiredProfile,
    newUser,
    as,
    logIn,
    allDelivered,
    anotherInstance,
    wayToDatabase,
    /** Removes all accounts and admins. */
    async clear() {
      await context.db.collection('profiles').deleteMany({});
      const sets = context.db.collection<{ _id: string }>('activeAdmins');
      await sets.updateOne({ _id: 'admins' }, { $set: { ids: [], removed: {} } });
    },
    async close() {
      for (const peer of [issuer, authService, notesService]) peer.close();
      server.close();
      await context.close();
      wayToDatabase.close();
    },
  };
}
