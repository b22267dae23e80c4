import {
  createAccessTokenVerifier,
  createKeySet,
  createLogger,
  createServiceTokenVerifier,
} from '@polyglot-notes/service-kit';
import type { Connection } from 'mongoose';
import type { Config } from './config.ts';
import { connect } from './database.ts';
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
  const profiles = await profilesRepository(db);
  const keys = createKeySet({ url: config.JWKS_URL, log });
  return {
    log,
    db,
    profiles,
    keys,
    clock,
    verifyAccessToken: createAccessTokenVerifier({
      issuer: config.TOKEN_ISSUER,
      audience: config.TOKEN_AUDIENCE,
      keys,
      clock,
    }),
    verifyServiceToken: createServiceTokenVerifier('user-service', {
      'auth-service': config.AUTH_TO_USER_SECRET,
    }),
    async close() {
      keys.close();
      await db.close();
    },
  };
}
