import {
  createAccessTokenVerifier,
  createKeySet,
  createLogger,
  createServiceTokenVerifier,
} from '@polyglot-notes/service-kit';
import type { Config } from './config.ts';
import { connect } from './database.ts';

export type Context = Awaited<ReturnType<typeof createContext>>;

/** Connects what the service needs; `clock` is the one thing that tests set. */
export async function createContext(config: Config, { clock = () => new Date() } = {}) {
  const log = createLogger('notes-service', config.LOG_LEVEL);
  const db = await connect(config.DATABASE_URL);
  const keys = createKeySet({ url: config.JWKS_URL, log });
  return {
    log,
    db,
    keys,
    clock,
    verifyAccessToken: createAccessTokenVerifier({
      issuer: config.TOKEN_ISSUER,
      audience: config.TOKEN_AUDIENCE,
      keys,
      clock,
    }),
    verifyServiceToken: createServiceTokenVerifier('notes-service', {
      'user-service': config.USER_TO_NOTES_SECRET,
    }),
    async close() {
      keys.close();
      await db.$disconnect();
    },
  };
}
