import { randomBytes, randomUUID } from 'node:crypto';
import { connect, migrate } from '@polyglot-notes/mongo-kit';
import { createInternalClient } from '@polyglot-notes/service-kit';
import {
  listening,
  newSecret,
  scaled,
  serverUrl,
  startTcpProxy,
  until,
} from '@polyglot-notes/service-kit/testing';
import request from 'supertest';
import { createApp } from '../src/app.ts';
import { readConfig } from '../src/config.ts';
import { createContext } from '../src/context.ts';
import { migrations } from '../src/migrations.ts';
import { startUserService } from './fake-user-service.ts';

const USER_TO_AUTH_SECRET = newSecret();

/** Often, so that tests wait for little. */
export const relayPollMs = 50;

export const freshEnvironment = (userServiceUrl = 'http://127.0.0.1:1') => ({
  MONGODB_URL: process.env['TEST_MONGODB_URL'],
  MONGODB_DATABASE: `${process.env['TEST_MONGODB_PREFIX']}${randomUUID().slice(0, 8)}`,
  USER_SERVICE_URL: userServiceUrl,
  AUTH_TO_USER_SECRET: newSecret(),
  USER_TO_AUTH_SECRET,
  NOTES_TO_AUTH_SECRET: newSecret(),
  SMTP_URL: process.env['TEST_SMTP_URL'],
  PUBLIC_URL: 'https://notes.example.com/',
  INTERNAL_TIMEOUT_MS: String(scaled(200)),
  KEY_ENCRYPTION_KEY: randomBytes(32).toString('base64'),
  EMAIL_VERIFICATION: 'off',
  BCRYPT_COST: '4',
  LOG_LEVEL: 'silent',
});

/** Settings for a service on a new, migrated database. */
export async function migratedEnvironment(userServiceUrl?: string) {
  const environment = freshEnvironment(userServiceUrl);
  const db = await connect(environment.MONGODB_URL ?? '', environment.MONGODB_DATABASE);
  await migrate(db, migrations);
  await db.close();
  return environment;
}

/** The service on a database of its own with a fake user-service. `time.now` stops its clock. It holds no answers, but records how long it would. */
export async function startService(settings: Record<string, string> = {}) {
  const userService = await startUserService();
  // The mail catcher greets a connection after a tenth of a second.
  const wayToMail = await startTcpProxy(new URL(process.env['TEST_SMTP_URL'] ?? ''), { spare: 2 });
  const environment = {
    ...(await migratedEnvironment(userService.url)),
    SMTP_URL: `smtp://${wayToMail.host}`,
    ...settings,
  };
  const time: { now: Date | undefined } = { now: undefined };
  const holds: number[] = [];
  const start = (more = {}) =>
    createContext(readConfig({ ...environment, ...more }), {
      clock: () => time.now ?? new Date(),
      relayPollMs,
      hold: async (ms) => void holds.push(ms),
    });
  const context = await start();
  const server = await listening(createApp(context));
  const internal = createInternalClient({
    baseUrl: serverUrl(server),
    caller: 'user-service',
    callee: 'auth-service',
    secrets: [USER_TO_AUTH_SECRET],
    timeoutMs: 5_000,
  });
  const revocations = async (after?: string) =>
    (await internal.request('GET', `/internal/revocations${after === undefined ? '' : `?after=${after}`}`))
      .data as {
      entries: ({ sub: string; minVer: number } | { sid: string })[];
      cursor: string;
      more: boolean;
      whole: boolean;
    };
  /** As if the lease or the pause of each pending delivery were over. */
  const makeDeliveriesDue = () =>
    context.db
      .collection('credentials')
      .updateMany({ 'delivery.dueAt': { $gt: new Date(0) } }, { $set: { 'delivery.dueAt': new Date(0) } });
  return {
    userService,
    wayToMail,
    environment,
    context,
    server,
    time,
    holds,
    /** Starts another instance on the same database. */
    async startInstance(more: Record<string, string> = {}) {
      const instance = await start(more);
      const itsServer = await listening(createApp(instance));
      return {
        server: itsServer,
        async close() {
          itsServer.close();
          await instance.close();
        },
      };
    },
    /** Stops the clock of the service until `time.now` is undefined. Returns its time. */
    stopClock(): Date {
      time.now = new Date();
      return time.now;
    },
    register: (body: object) => request(server).post('/api/auth/register').send(body),
    login: (body: object) => request(server).post('/api/auth/login').send(body),
    forgot: (body: object) => request(server).post('/api/auth/forgot-password').send(body),
    reset: (token: string, body: object) =>
      request(server).patch(`/api/auth/reset-password/${token}`).send(body),
    updatePassword: (token: string, body: object) =>
      request(server).patch('/api/auth/update-password').set('Authorization', `Bearer ${token}`).send(body),
    resendVerification: (body: object) => request(server).post('/api/auth/resend-verification').send(body),
    /** Without a token, the call has no session. */
    verifyEmail(body: object, token?: string) {
      const call = request(server).post('/api/auth/verify-email').send(body);
      return token === undefined ? call : call.set('Authorization', `Bearer ${token}`);
    },
    changeEmail: (token: string, body: object) =>
      request(server).post('/api/auth/change-email').set('Authorization', `Bearer ${token}`).send(body),
    refresh: (refreshToken: unknown) => request(server).post('/api/auth/refresh').send({ refreshToken }),
    /** Calls the service as a device, by default with a bearer token and without a body. */
    as: (token: string) => {
      const send = (method: 'get' | 'post' | 'delete', path: string) =>
        request(server)[method](path).set('Authorization', `Bearer ${token}`);
      return {
        logout: () => send('post', '/api/auth/logout'),
        logoutAll: () => send('post', '/api/auth/logout-all'),
        sessions: (query = '') => send('get', `/api/auth/sessions${query}`),
        endSession: (id: string) => send('delete', `/api/auth/sessions/${id}`),
      };
    },
    putAccount: (id: string, state: object) => internal.request('PUT', `/internal/accounts/${id}`, state),
    revocations,
    /** The access version that tokens of the user need according to the revocation feed. */
    minVerOf: async (id: string) =>
      (await revocations()).entries.flatMap((entry) =>
        'sub' in entry && entry.sub === id ? entry.minVer : [],
      )[0],
    makeDeliveriesDue,
    /** Makes the pending deliveries to user-service due, and resolves when there is none. */
    async allDelivered() {
      await makeDeliveriesDue();
      await until(async () => (await context.deliveries.count(undefined)) === 0, 30_000);
    },
    /** Resolves when no mail waits, except parked ones and those over the limit of their recipient. */
    async mailsSettled(): Promise<void> {
      await context.background.settled();
      const now = time.now ?? new Date();
      const waits = { dueAt: { $ne: null } };
      const isDeferred = { claim: { $exists: false }, fault: /too many/, dueAt: { $gt: now } };
      const unsettled = { mails: { $elemMatch: { ...waits, $nor: [isDeferred] } } };
      const count = (name: string) => context.db.collection(name).countDocuments(unsettled);
      await until(async () => (await count('credentials')) + (await count('erasures')) === 0);
    },
    redeliver: (id: string, above: number) =>
      internal.request('PUT', `/internal/accounts/${id}/redelivery`, { above }),
    eraseWith: (id: string, events: object[]) =>
      internal.request('DELETE', `/internal/accounts/${id}`, { events }),
    erase: (id: string) => internal.request('DELETE', `/internal/accounts/${id}`),
    credentials: () => context.db.collection('credentials').find().toArray(),
    sessions: (userId: string) => context.db.collection('sessions').find({ userId }).toArray(),
    /** Removes all accounts, sessions and the admin. */
    async clear() {
      await Promise.all(
        ['credentials', 'sessions'].map((name) => context.db.collection(name).deleteMany({})),
      );
      userService.clear();
    },
    async close() {
      userService.close();
      server.close();
      await context.close();
      wayToMail.close();
    },
  };
}

/** The state of a deactivated account. */
export const deactivated = {
  accountVersion: 2,
  role: 'user',
  status: 'deactivated',
  accessRevocations: 1,
  sessionRevocations: 1,
};
