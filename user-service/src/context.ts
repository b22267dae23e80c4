import {
  backgroundWork,
  createAccessTokenVerifier,
  createInternalClient,
  createKeySet,
  createLogger,
  createServiceTokenVerifier,
} from '@polyglot-notes/service-kit';
import type { Connection } from 'mongoose';
import { accountsRepository } from './accounts/accounts.repository.ts';
import { adminGateRepository } from './accounts/admin-gate.repository.ts';
import { verifierOfAccounts } from './accounts/verify-account.ts';
import { authServiceClient } from './clients/auth-service.ts';
import { notesServiceClient } from './clients/notes-service.ts';
import type { Config } from './config.ts';
import { connect } from './database.ts';
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
  const accounts = accountsRepository(documents, profiles);
  const adminGate = await adminGateRepository(db);
  const keys = createKeySet({ url: config.JWKS_URL, log });
  const background = backgroundWork(log);

  const clientOf = (callee: string, baseUrl: string, secret: string) =>
    createInternalClient({
      baseUrl,
      caller: 'user-service',
      callee,
      secret,
      timeoutMs: config.INTERNAL_TIMEOUT_MS,
    });

  return {
    log,
    db,
    profiles,
    accounts,
    adminGate,
    keys,
    background,
    clock,
    authService: authServiceClient(
      clientOf('auth-service', config.AUTH_SERVICE_URL, config.USER_TO_AUTH_SECRET),
    ),
    notesService: notesServiceClient(
      clientOf('notes-service', config.NOTES_SERVICE_URL, config.USER_TO_NOTES_SECRET),
    ),
    verifyAccessToken: verifierOfAccounts(
      createAccessTokenVerifier({
        issuer: config.TOKEN_ISSUER,
        audience: config.TOKEN_AUDIENCE,
        keys,
        clock,
      }),
      accounts,
    ),
    verifyServiceToken: createServiceTokenVerifier('user-service', {
      'auth-service': config.AUTH_TO_USER_SECRET,
    }),
    async close() {
      keys.close();
      await background.settled();
      await db.close();
    },
  };
}
