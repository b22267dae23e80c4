import { setTimeout as delay } from 'node:timers/promises';
import { connect, createDeliveriesRepository, ping, requireMigrations } from '@polyglot-notes/mongo-kit';
import {
  backgroundWork,
  classifyDeliveryFailure,
  createAccessTokenVerifier,
  createInternalClient,
  createLogger,
  createMetrics,
  createRelay,
  createServiceTokenVerifier,
  createTracing,
  deliveriesMetrics,
  type BackgroundWork,
  type Logger,
  type Metrics,
  type Tracing,
} from '@polyglot-notes/service-kit';
import type { Connection } from 'mongoose';
import { createUserServiceClient } from './clients/user-service.ts';
import type { Config } from './config.ts';
import { collectionName, createCredentialModel, type Credential } from './credentials/credential.model.ts';
import { createCredentialsRepository } from './credentials/credentials.repository.ts';
import { createErasureModel, createErasuresRepository } from './credentials/erasures.repository.ts';
import { createEmailsRepository } from './emails/emails.repository.ts';
import { createEventsRepository } from './events/events.repository.ts';
import { keepEvents } from './events/keep-events.ts';
import { createMoveEvents } from './events/move-events.ts';
import { createRecordLock } from './events/record-lock.ts';
import { createRecordRefusal } from './events/record-refusal.ts';
import { createFirstAdmin } from './first-admin/first-admin.ts';
import { createKnownDevicesRepository } from './login-locks/known-devices.repository.ts';
import { createKnownDevices } from './login-locks/known-devices.ts';
import { createLockKeys } from './login-locks/lock-keys.ts';
import { lockRules } from './login-locks/lock-rules.ts';
import { createLoginCountersRepository } from './login-locks/login-counters.repository.ts';
import {
  createLoginLocks,
  type Dependencies as LoginLocksDependencies,
  type Lock,
} from './login-locks/login-locks.ts';
import { createLinks } from './mail/links.ts';
import { classifyMailFailure } from './mail/mail-failures.ts';
import { createTokenOf } from './mail/mailed-token.ts';
import { createMailer } from './mail/mailer.ts';
import { createMailsRepository } from './mail/mails.repository.ts';
import { createRecipientsRepository } from './mail/recipients.repository.ts';
import { createSendIntent } from './mail/send-intent.ts';
import { createWarnOwner } from './login/warn-owner.ts';
import { migrations } from './migrations.ts';
import { passwordQueueMetrics } from './passwords/password-queue.metrics.ts';
import { createPasswordHasher } from './passwords/password-hasher.ts';
import { createPasswordsRepository } from './passwords/passwords.repository.ts';
import { createCancelRegistration } from './registration/cancel-registration.ts';
import { createRegistrationRepository } from './registration/registration.repository.ts';
import { createRegistrationService } from './registration/registration.service.ts';
import {
  credentialRevocations,
  erasureRevocations,
  sessionRevocations,
} from './revocations/revocation-sources.ts';
import { createAccessTokenIssuer } from './sessions/access-tokens.ts';
import { createAccountCheck } from './sessions/account-check.ts';
import { createEndSession } from './sessions/end-session.ts';
import { createLogoutRepository } from './sessions/logout.repository.ts';
import { createOpenSession } from './sessions/open-session.ts';
import { createRenewSession } from './sessions/renew-session.ts';
import type { SessionLimits } from './sessions/session-limits.ts';
import { createSessionModel } from './sessions/session.model.ts';
import { createSessionsRepository } from './sessions/sessions.repository.ts';
import { createIssuePair } from './sessions/token-pair.ts';
import { createValidToken } from './sessions/valid-token.ts';
import { createSigningKeysRepository } from './signing-keys/signing-keys.repository.ts';
import { loadSigningKeys, type SigningKeys } from './signing-keys/signing-keys.service.ts';
import { createAccountsRepository } from './sync/accounts.repository.ts';
import { createDeliverCredential } from './sync/deliver-credential.ts';
import { createNotifyUserService } from './sync/notify-user-service.ts';

export type Context = Awaited<ReturnType<typeof createContext>>;

interface Overrides {
  clock: () => Date;
  /** Waits for so many milliseconds before the answer to a wrong password. */
  hold: (ms: number) => Promise<void>;
  /** How often the relay looks for due deliveries. */
  relayPollMs?: number;
  /** How often the first admin is tried again. */
  adminRetryMs?: number;
}

const defaults: Overrides = {
  clock: () => new Date(),
  hold: (ms) => delay(ms),
};

/** Connects to the database and creates everything that the routes need. The database must be migrated. */
export async function createContext(config: Config, overrides: Partial<Overrides> = {}) {
  const isTraced = config.OTEL_EXPORTER_OTLP_ENDPOINT !== undefined;
  const db = await connect(config.MONGODB_URL, config.MONGODB_DATABASE, { isTraced });
  try {
    await requireMigrations(db, migrations);
    return await contextOn(db, config, { ...defaults, ...overrides });
  } catch (error) {
    await db.close();
    throw error;
  }
}

/** Connects to the migrated database for the commands of an operator. Nothing of it works in the background. */
export async function createAdminContext(config: Config) {
  const db = await connect(config.MONGODB_URL, config.MONGODB_DATABASE);
  try {
    await requireMigrations(db, migrations);
    const { clock, hold } = defaults;
    const { MAIL_MAX_PER_RECIPIENT: maxPerRecipient, AUDIT_DAYS: auditDays } = config;
    const stores = createStores(db, { leaseMs: 0, clock, maxPerRecipient, auditDays });
    const log = createLogger('auth-service', 'silent');
    const locks = createLocks(config, stores, { hold, onLock: () => {}, log, clock });
    return { ...stores, ...locks, links: createLinks(config), clock, close: () => db.close() };
  } catch (error) {
    await db.close();
    throw error;
  }
}

async function contextOn(db: Connection, config: Config, overrides: Overrides) {
  const { clock, hold, relayPollMs, adminRetryMs } = overrides;
  const log = createLogger('auth-service', config.LOG_LEVEL);
  const metrics = createMetrics(log);
  const { OTEL_EXPORTER_OTLP_ENDPOINT: endpoint, OTEL_TRACES_SAMPLER_ARG: ratio } = config;
  const tracing = await createTracing({ service: 'auth-service', endpoint, ratio, log });
  // Two attempts of a call, and time for the database.
  const leaseMs = 2 * config.INTERNAL_TIMEOUT_MS + 2_000;
  const closing = new AbortController();
  const background = backgroundWork(log);
  const { MAIL_MAX_PER_RECIPIENT: maxPerRecipient, AUDIT_DAYS: auditDays } = config;
  const stores = createStores(db, { leaseMs, clock, maxPerRecipient, auditDays });
  deliveriesMetrics(metrics, { noun: 'account', deliveries: stores.deliveries, clock });
  deliveriesMetrics(metrics, {
    noun: 'mail',
    help: 'Mails that the mail server has not accepted',
    deliveries: stores.mails,
    clock,
  });
  const sync = createSync(config, stores, {
    leaseMs,
    pollMs: relayPollMs,
    tracing,
    log,
    clock,
    background,
  });
  const passwords = await createPasswordHasher(config.BCRYPT_COST, config.WORKERS);
  passwordQueueMetrics(metrics, passwords);
  const { sealingKeys } = config;
  const repository = createSigningKeysRepository(db);
  const signingKeys = await loadSigningKeys({ repository, sealingKeys, tracing, clock, log });
  const mailRelay = createMailRelay(config, stores, { pollMs: relayPollMs, tracing, log, clock });
  const { EMAIL_VERIFICATION: emailVerification } = config;
  const warnOwner = createWarnOwner({
    ...stores,
    mailRelay,
    background,
    warnsOfNewDevices: config.NEW_DEVICE_MAILS,
  });
  const audit = createAudit(db, stores, {
    background,
    metrics,
    tracing,
    log,
    clock,
    closing: closing.signal,
  });
  const onLock = (lock: Lock) => {
    warnOwner.ofLock(lock);
    audit.recordLock(lock);
  };
  const locks = createLocks(config, stores, { hold, onLock, log, clock });
  const work = { mailRelay, background, emailVerification, warnOwner, ...audit };
  const shared = { ...stores, ...sync, ...work, ...locks, log, clock, passwords };
  const { register } = createRegistrationService(shared);
  const tokens = createTokens(config, signingKeys, stores, clock);

  return {
    ...shared,
    register,
    ...tokens,
    ...createSessions(config, { ...shared, ...tokens }),
    metrics,
    tracing,
    publicUrl: config.PUBLIC_URL,
    db,
    pingDatabase: ping(db),
    signingKeys,
    firstAdmin: createFirstAdmin({
      ...shared,
      wanted: config.firstAdmin,
      retryMs: adminRetryMs,
      register,
      closing: closing.signal,
    }),
    async close() {
      closing.abort();
      signingKeys.close();
      await Promise.all([sync.relay.close(), mailRelay.close(), audit.kept, background.settled()]);
      await passwords.close();
      await db.close();
      await tracing?.close();
    },
  };
}

interface SyncOptions {
  leaseMs: number;
  pollMs: number | undefined;
  tracing: Tracing | undefined;
  log: Logger;
  clock: () => Date;
  background: BackgroundWork;
}

function createSync(config: Config, { registrations, deliveries }: Stores, options: SyncOptions) {
  const userService = createUserServiceClient(
    createInternalClient({
      baseUrl: config.USER_SERVICE_URL,
      caller: 'auth-service',
      callee: 'user-service',
      secrets: config.AUTH_TO_USER_SECRET,
      timeoutMs: config.INTERNAL_TIMEOUT_MS,
    }),
  );
  const cancelRegistration = createCancelRegistration({ registrations, userService });
  const relay = createRelay({
    ...options,
    outbox: deliveries,
    deliver: createDeliverCredential({ deliveries, userService, cancelRegistration }),
    classify: classifyDeliveryFailure,
    noun: 'account',
  });
  const { background, log } = options;
  return {
    userService,
    cancelRegistration,
    relay,
    ...createNotifyUserService({ relay, userService, background, log }),
  };
}

const longestMailPauseMs = 5 * 60_000;
const mailsAtOnce = 10;
// The time that attempts which run have when the service stops.
const lastAttemptsMs = 3_000;

/** The worker that sends the mails of the queue. */
function createMailRelay(
  config: Config,
  { mails, recipients }: Stores,
  options: { pollMs: number | undefined; tracing: Tracing | undefined; log: Logger; clock: () => Date },
) {
  const stopping = new AbortController();
  const { SMTP_URL: url, MAIL_FROM: from, SMTP_TIMEOUT_MS: timeoutMs } = config;
  // The time to send it, and time for the database.
  const leaseMs = timeoutMs + 2_000;
  const relay = createRelay({
    ...options,
    outbox: mails,
    deliver: createSendIntent({
      ...options,
      mails,
      recipients,
      mailer: createMailer({ url, from, timeoutMs, stopping: stopping.signal }),
      links: createLinks(config),
      tokenOf: createTokenOf(config.sealingKeys.current),
      leaseMs,
    }),
    classify: classifyMailFailure,
    noun: 'mail',
    leaseMs,
    longestPauseMs: longestMailPauseMs,
    maxRunning: mailsAtOnce,
  });
  return {
    ...relay,
    async close() {
      const timer = setTimeout(() => stopping.abort(), lastAttemptsMs);
      await relay.close();
      clearTimeout(timer);
    },
  };
}

/** The audit trail, and the worker that moves events to it, which stops with the service. */
function createAudit(
  db: Connection,
  stores: Stores,
  options: {
    background: BackgroundWork;
    metrics: Metrics;
    tracing: Tracing | undefined;
    log: Logger;
    clock: () => Date;
    closing: AbortSignal;
  },
) {
  const moveEvents = createMoveEvents(db, stores);
  return {
    moveEvents,
    recordRefusal: createRecordRefusal({ ...stores, ...options }),
    recordLock: createRecordLock({ ...stores, ...options }),
    /** Resolves when the worker has stopped. */
    kept: keepEvents({ ...stores, ...options, moveEvents }),
  };
}

const dayMs = 24 * 60 * 60 * 1_000;

function createLocks(
  config: Config,
  stores: Stores,
  options: Pick<LoginLocksDependencies, 'hold' | 'onLock' | 'log' | 'clock'>,
) {
  const lockKeys = createLockKeys(config.KEY_ENCRYPTION_KEY);
  const knownDevices = createKnownDevices({ ...stores, lockKeys });
  const rules = lockRules({ account: config.LOGIN_LOCK_MAX, network: config.LOGIN_NETWORK_LOCK_MAX });
  const loginLocks = createLoginLocks({ ...stores, ...options, knownDevices, lockKeys, rules });
  return { knownDevices, loginLocks };
}

function createSessions(
  config: Config,
  dependencies: Stores &
    Pick<ReturnType<typeof createLocks>, 'knownDevices'> &
    Pick<ReturnType<typeof createSync>, 'announceEndedSession'> &
    Pick<ReturnType<typeof createTokens>, 'issueAccessToken'> & { clock: () => Date; log: Logger },
) {
  const sessionLimits: SessionLimits = {
    idleMs: config.SESSION_IDLE_DAYS * dayMs,
    maxMs: config.SESSION_MAX_DAYS * dayMs,
    graceMs: config.REFRESH_GRACE_SECONDS * 1_000,
  };
  const issuePair = createIssuePair({ ...dependencies, sessionLimits });
  const endSession = createEndSession(dependencies);
  const shared = { ...dependencies, sessionLimits, issuePair, endSession };
  const validToken = createValidToken(shared);
  return {
    sessionLimits,
    issuePair,
    endSession,
    validToken,
    openSession: createOpenSession(shared),
    renewSession: createRenewSession(shared),
  };
}

function createTokens(
  config: Config,
  signingKeys: SigningKeys,
  { credentials, sessions }: Stores,
  clock: () => Date,
) {
  const common = { issuer: config.TOKEN_ISSUER, audience: config.TOKEN_AUDIENCE, clock };
  const accessTokenSeconds = config.ACCESS_TOKEN_TTL_SECONDS;
  return {
    accessTokenSeconds,
    issueAccessToken: createAccessTokenIssuer({
      ...common,
      key: signingKeys.current,
      lifetimeSeconds: accessTokenSeconds,
    }),
    verifyAccessToken: createAccountCheck({
      verify: createAccessTokenVerifier({ ...common, keys: signingKeys.publicKeys }),
      credentials,
      sessions,
    }),
    verifyServiceToken: createServiceTokenVerifier('auth-service', {
      'user-service': config.USER_TO_AUTH_SECRET,
      'notes-service': config.NOTES_TO_AUTH_SECRET,
    }),
  };
}

type Stores = ReturnType<typeof createStores>;

function createStores(
  db: Connection,
  options: { leaseMs: number; clock: () => Date; maxPerRecipient: number; auditDays: number },
) {
  const model = createCredentialModel(db);
  const erasureModel = createErasureModel(db);
  const sessionModel = createSessionModel(db);
  return {
    credentials: createCredentialsRepository(model),
    registrations: createRegistrationRepository(model, options),
    passwordChanges: createPasswordsRepository(model, options),
    emails: createEmailsRepository(model, options),
    accounts: createAccountsRepository(model, options),
    erasures: createErasuresRepository(erasureModel),
    events: createEventsRepository(db, options),
    recipients: createRecipientsRepository(db, options),
    mails: createMailsRepository(db, options),
    sessions: createSessionsRepository(sessionModel, options),
    loginCounters: createLoginCountersRepository(db, options),
    knownDeviceIds: createKnownDevicesRepository(db, options),
    logouts: createLogoutRepository(model, options),
    revocationSources: [
      credentialRevocations(model),
      erasureRevocations(erasureModel),
      sessionRevocations(sessionModel),
    ],
    deliveries: createDeliveriesRepository<Credential>(db, collectionName, {
      ...options,
      // A registration in progress belongs to the request that made it.
      releasable: { $or: [{ state: { $ne: 'pending' } }, { 'delivery.dueAt': null }] },
    }),
  };
}
