import {
  backgroundWork,
  createAccessTokenVerifier,
  createInternalClient,
  createLogger,
  createRelay,
  createServiceTokenVerifier,
} from '@polyglot-notes/service-kit';
import type { Connection } from 'mongoose';
import { accessTokenIssuer } from './accounts/access-tokens.ts';
import { credentialDelivery, type CredentialRelay } from './accounts/credential-delivery.ts';
import { credentialModel } from './accounts/credential.model.ts';
import { credentialsRepository } from './accounts/credentials.repository.ts';
import { deliveriesRepository } from './accounts/deliveries.repository.ts';
import { erasuresRepository } from './accounts/erasures.repository.ts';
import { passwordHasher } from './accounts/password-hasher.ts';
import { verifierOfAccounts } from './accounts/verify-account.ts';
import { userServiceClient } from './clients/user-service.ts';
import type { Config } from './config.ts';
import { connect } from './database.ts';
import { createMailer } from './mail/mailer.ts';
import { signingKeysRepository } from './signing-keys/signing-keys.repository.ts';
import { loadSigningKeys } from './signing-keys/signing-keys.service.ts';

export type Context = Awaited<ReturnType<typeof createContext>>;

/** Connects what the service needs; unique indexes and a signing key stand before this resolves. */
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
  const log = createLogger('auth-service', config.LOG_LEVEL);
  const signingKeys = await loadSigningKeys(
    await signingKeysRepository(db),
    config.KEY_ENCRYPTION_KEY,
    clock,
  );
  const timeoutMs = config.INTERNAL_TIMEOUT_MS;
  // Two tries, and time for the database.
  const leaseMs = 2 * timeoutMs + 2_000;
  const documents = await credentialModel(db);
  const credentials = credentialsRepository(documents, leaseMs);
  const deliveries = deliveriesRepository(documents);
  const erasures = await erasuresRepository(db);
  const passwords = await passwordHasher(config.BCRYPT_COST);
  const closing = new AbortController();
  const mailer = createMailer(config.SMTP_URL, config.MAIL_FROM, closing.signal);
  const background = backgroundWork(log);
  const ofTokens = { issuer: config.TOKEN_ISSUER, audience: config.TOKEN_AUDIENCE, clock };
  const userService = userServiceClient(
    createInternalClient({
      baseUrl: config.USER_SERVICE_URL,
      caller: 'auth-service',
      callee: 'user-service',
      secret: config.AUTH_TO_USER_SECRET,
      timeoutMs,
    }),
  );
  const relay: CredentialRelay = createRelay({
    outbox: deliveries,
    deliver: credentialDelivery({ credentials, userService }),
    leaseMs,
    log,
  });
  return {
    log,
    db,
    clock,
    signingKeys,
    credentials,
    deliveries,
    erasures,
    userService,
    relay,
    passwords,
    mailer,
    background,
    publicUrl: config.PUBLIC_URL,
    firstAdmin: { wanted: config.firstAdmin, isSettled: config.firstAdmin === undefined },
    /** Aborted when the service stops. */
    closing: closing.signal,
    /** How long an access token lives. */
    accessTokenSeconds: config.ACCESS_TOKEN_TTL_SECONDS,
    issueAccessToken: accessTokenIssuer({
      ...ofTokens,
      key: signingKeys.current,
      lifetimeSeconds: config.ACCESS_TOKEN_TTL_SECONDS,
    }),
    verifyAccessToken: verifierOfAccounts(
      createAccessTokenVerifier({ ...ofTokens, keys: signingKeys.publicKeys }),
      credentials,
    ),
    verifyServiceToken: createServiceTokenVerifier('auth-service', {
      'user-service': config.USER_TO_AUTH_SECRET,
      'notes-service': config.NOTES_TO_AUTH_SECRET,
    }),
    async close() {
      closing.abort();
      await relay.close();
      await background.settled();
      await passwords.close();
      await db.close();
    },
  };
}
