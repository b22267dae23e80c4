import {
  createAccessTokenVerifier,
  createInternalClient,
  createKeySet,
  createLogger,
  createRelay,
  createRevocations,
  createServiceTokenVerifier,
} from '@polyglot-notes/service-kit';
import type { Connection } from 'mongoose';
import { accountsRepository } from './accounts/accounts.repository.ts';
import { accountDelivery, type AccountRelay } from './accounts/account-delivery.ts';
import { activeAdminsRepository } from './active-admins/active-admins.repository.ts';
import { deliveriesRepository } from './accounts/deliveries.repository.ts';
import { verifierOfAccounts } from './accounts/verify-account.ts';
import { authServiceClient } from './clients/auth-service.ts';
import { notesServiceClient } from './clients/notes-service.ts';
import type { Config } from './config.ts';
import { connect } from './database.ts';
import { reconciliationsRepository } from './reconciliation/reconciliations.repository.ts';
import { profileModel } from './profiles/profile.model.ts';
import { profilesRepository } from './profiles/profiles.repository.ts';

export type Context = Awaited<ReturnType<typeof createContext>>;

/** Connects what the service needs; the unique indexes stand before this resolves. `clock` is what tests set. */
export async function createContext(config: Config, { clock = () => new Date() } = {}) {
  const db = await connect(config.MONGODB_URL, config.MONGODB_DATABASE);
  try {
    return await contextOn(db, config, clock);
  } catch (error) {
    await db.close();
    throw error;
  }
}

async function contextOn(db: Connection, config: Config, clock: () => Date) {
  const log = createLogger('user-service', config.LOG_LEVEL);
  const documents = await profileModel(db);
  const profiles = profilesRepository(documents);
  const timeoutMs = config.INTERNAL_TIMEOUT_MS;
  // Two tries, and time for the database.
  const leaseMs = 2 * timeoutMs + 2_000;
  const accounts = accountsRepository(documents, profiles, leaseMs);
  const deliveries = deliveriesRepository(documents);
  const activeAdmins = await activeAdminsRepository(db);

  const toAuth = {
    baseUrl: config.AUTH_SERVICE_URL,
    caller: 'user-service',
    callee: 'auth-service',
    secret: config.USER_TO_AUTH_SECRET,
    timeoutMs,
  };
  const toNotes = {
    baseUrl: config.NOTES_SERVICE_URL,
    caller: 'user-service',
    callee: 'notes-service',
    secret: config.USER_TO_NOTES_SECRET,
    timeoutMs,
  };
  const keys = createKeySet({ url: config.JWKS_URL, log });
  const revocations = createRevocations({ issuer: toAuth, path: '/internal/revocations', log });
  const authService = authServiceClient(createInternalClient(toAuth));
  const notesService = notesServiceClient(createInternalClient(toNotes));
  const relay: AccountRelay = createRelay({
    outbox: deliveries,
    deliver: accountDelivery({ accounts, activeAdmins, authService, notesService, clock }),
    leaseMs,
    log,
  });
  const closing = new AbortController();
  const reconciliations = await reconciliationsRepository(db);

  return {
    log,
    db,
    profiles,
    accounts,
    deliveries,
    activeAdmins,
    keys,
    revocations,
    relay,
    authService,
    notesService,
    reconciliations,
    clock,
    /** Aborted when the service stops. */
    closing: closing.signal,
    verifyAccessToken: verifierOfAccounts(
      createAccessTokenVerifier({
        issuer: config.TOKEN_ISSUER,
        audience: config.TOKEN_AUDIENCE,
        keys,
        revocations,
        clock,
      }),
      accounts,
    ),
    verifyServiceToken: createServiceTokenVerifier('user-service', {
      'auth-service': config.AUTH_TO_USER_SECRET,
    }),
    async close() {
      closing.abort();
      keys.close();
      revocations.close();
      await relay.close();
      await db.close();
    },
  };
}
