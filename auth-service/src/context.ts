import { createInternalClient, createLogger } from '@polyglot-notes/service-kit';
import type { Connection } from 'mongoose';
import { accessTokenIssuer } from './accounts/access-tokens.ts';
import { credentialsRepository } from './accounts/credentials.repository.ts';
import { passwordHasher } from './accounts/password-hasher.ts';
import { userServiceClient } from './clients/user-service.ts';
import type { Config } from './config.ts';
import { connect } from './database.ts';
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
  const credentials = await credentialsRepository(db);
  const passwords = await passwordHasher(config.BCRYPT_COST);
  return {
    log,
    db,
    clock,
    signingKeys,
    credentials,
    passwords,
    issueAccessToken: accessTokenIssuer({
      key: signingKeys.current,
      issuer: config.TOKEN_ISSUER,
      audience: config.TOKEN_AUDIENCE,
      lifetimeSeconds: config.ACCESS_TOKEN_TTL_SECONDS,
      clock,
    }),
    userService: userServiceClient(
      createInternalClient({
        baseUrl: config.USER_SERVICE_URL,
        caller: 'auth-service',
        callee: 'user-service',
        secret: config.AUTH_TO_USER_SECRET,
        timeoutMs: config.INTERNAL_TIMEOUT_MS,
      }),
    ),
    async close() {
      await passwords.close();
      await db.close();
    },
  };
}
