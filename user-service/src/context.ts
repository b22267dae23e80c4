import { connect, createDeliveriesRepository, requireMigrations } from '@polyglot-notes/mongo-kit';
import {
  classifyDeliveryFailure,
  createAccessTokenVerifier,
  createInternalClient,
  createKeySet,
  createLogger,
  createMetrics,
  createRelay,
  createRevocationList,
  createServiceTokenVerifier,
  createTracing,
  deliveriesMetrics,
  revocationMetrics,
  signingKeyMetrics,
  type Logger,
} from '@polyglot-notes/service-kit';
import type { Connection } from 'mongoose';
import { createAccountListRepository } from './accounts/account-list.repository.ts';
import { createAccountsRepository } from './accounts/accounts.repository.ts';
import { createChangeAccount } from './accounts/change-account.ts';
import { createRestoreActiveAdmin } from './accounts/restore-active-admin.ts';
import { createStoredAccountsRepository } from './accounts/stored-accounts.repository.ts';
import { createActiveAdminsRepository } from './active-admins/active-admins.repository.ts';
import { restoreActiveAdmins } from './active-admins/restore-active-admins.ts';
import { createAuthServiceClient } from './clients/auth-service.ts';
import { createNotesServiceClient } from './clients/notes-service.ts';
import type { Config } from './config.ts';
import { latestBackupMetrics } from './latest-backup/latest-backup.metrics.ts';
import { createLatestBackupRepository } from './latest-backup/latest-backup.repository.ts';
import { migrations } from './migrations.ts';
import { createAccountCheck } from './profiles/account-check.ts';
import { collectionName, createProfileModel, type ProfileDocument } from './profiles/profile.model.ts';
import { createProfilesRepository } from './profiles/profiles.repository.ts';
import { driftMetrics } from './reconciliation/drift.metrics.ts';
import { createReconciliationsRepository } from './reconciliation/reconciliations.repository.ts';
import { createEndedSessionsRepository } from './sessions/ended-sessions.repository.ts';
import { createDeliverAccount } from './sync/deliver-account.ts';

export type Context = Awaited<ReturnType<typeof createContext>>;

interface Options {
  clock?: () => Date;
  restoreIntervalMs?: number;
  relayPollMs?: number | undefined;
}

/** Connects to the database and creates everything that the routes need. The database must be migrated. */
export async function createContext(
  config: Config,
  { clock = () => new Date(), restoreIntervalMs = 5_000, relayPollMs }: Options = {},
) {
  const isTraced = config.OTEL_EXPORTER_OTLP_ENDPOINT !== undefined;
  const db = await connect(config.MONGODB_URL, config.MONGODB_DATABASE, { isTraced });
  try {
    await requireMigrations(db, migrations);
    return await contextOn(db, config, { clock, restoreIntervalMs, relayPollMs });
  } catch (error) {
    await db.close();
    throw error;
  }
}

async function contextOn(
  db: Connection,
  config: Config,
  { clock, restoreIntervalMs, relayPollMs }: Options & { clock: () => Date; restoreIntervalMs: number },
) {
  const log = createLogger('user-service', config.LOG_LEVEL);
  const { OTEL_EXPORTER_OTLP_ENDPOINT: endpoint, OTEL_TRACES_SAMPLER_ARG: ratio } = config;
  const tracing = await createTracing({ service: 'user-service', endpoint, ratio, log });
  // Two attempts of a call, and time for the database.
  const leaseMs = 2 * config.INTERNAL_TIMEOUT_MS + 2_000;
  const closing = new AbortController();
  const stores = createStores(db, { leaseMs, clock });
  const clients = createClients(config);
  const relay = createRelay({
    outbox: stores.deliveries,
    deliver: createDeliverAccount({ ...stores, ...clients, clock }),
    classify: classifyDeliveryFailure,
    noun: 'account',
    leaseMs,
    pollMs: relayPollMs,
    tracing,
    log,
    clock,
  });
  const restoreActiveAdmin = createRestoreActiveAdmin({ ...stores, ...clients, relay });
  const tokens = createTokens(config, stores, { log, clock });
  const metrics = createMetrics(log);
  driftMetrics(metrics, stores);
  latestBackupMetrics(metrics, stores);
  deliveriesMetrics(metrics, { noun: 'account', deliveries: stores.deliveries, clock });
  signingKeyMetrics(metrics, tokens.keys);
  revocationMetrics(metrics, tokens.revocations);
  const restoring = restoreActiveAdmins({
    ...stores,
    restoreActiveAdmin,
    intervalMs: restoreIntervalMs,
    leaseMs,
    clock,
    tracing,
    log,
    closing: closing.signal,
  });

  return {
    ...stores,
    ...clients,
    restoreActiveAdmin,
    ...createChangeAccount({ ...stores, restoreActiveAdmin, relay }),
    ...tokens,
    metrics,
    tracing,
    publicUrl: config.PUBLIC_URL,
    log,
    db,
    clock,
    relay,
    /** Aborted when the service stops. */
    closing: closing.signal,
    isLoaded: () => tokens.keys.loaded() && tokens.revocations.isUsable(),
    async close() {
      closing.abort();
      tokens.keys.close();
      tokens.revocations.close();
      await restoring;
      await relay.close();
      await db.close();
      await tracing?.close();
    },
  };
}

function createStores(db: Connection, options: { leaseMs: number; clock: () => Date }) {
  const model = createProfileModel(db);
  return {
    profiles: createProfilesRepository(model, options),
    accounts: createAccountsRepository(model, options),
    storedAccounts: createStoredAccountsRepository(model),
    accountList: createAccountListRepository(model),
    activeAdmins: createActiveAdminsRepository(db, options),
    endedSessions: createEndedSessionsRepository(db),
    reconciliations: createReconciliationsRepository(db, options),
    latestBackup: createLatestBackupRepository(db),
    deliveries: createDeliveriesRepository<ProfileDocument>(db, collectionName, options),
  };
}

function createClients(config: Config) {
  const common = { caller: 'user-service', timeoutMs: config.INTERNAL_TIMEOUT_MS };
  return {
    authService: createAuthServiceClient(createInternalClient({ ...common, ...toAuthService(config) })),
    notesService: createNotesServiceClient(
      createInternalClient({
        ...common,
        callee: 'notes-service',
        baseUrl: config.NOTES_SERVICE_URL,
        secrets: config.USER_TO_NOTES_SECRET,
      }),
    ),
  };
}

const toAuthService = (config: Config) => ({
  callee: 'auth-service',
  baseUrl: config.AUTH_SERVICE_URL,
  secrets: config.USER_TO_AUTH_SECRET,
});

function createTokens(
  config: Config,
  { profiles, endedSessions }: Pick<ReturnType<typeof createStores>, 'profiles' | 'endedSessions'>,
  { log, clock }: { log: Logger; clock: () => Date },
) {
  const keys = createKeySet({ url: config.JWKS_URL, log });
  const revocations = createRevocationList({
    issuer: { caller: 'user-service', ...toAuthService(config) },
    path: '/internal/revocations',
    log,
  });
  const { TOKEN_ISSUER: issuer, TOKEN_AUDIENCE: audience } = config;
  return {
    keys,
    revocations,
    verifyAccessToken: createAccountCheck({
      verify: createAccessTokenVerifier({ issuer, audience, keys, revocations, clock }),
      profiles,
      endedSessions,
    }),
    verifyServiceToken: createServiceTokenVerifier('user-service', {
      'auth-service': config.AUTH_TO_USER_SECRET,
    }),
  };
}
