import {
  createAccessTokenVerifier,
  createKeySet,
  createLogger,
  createRevocationList,
  createServiceTokenVerifier,
} from '@polyglot-notes/service-kit';
import type { Config } from './config.ts';
import { connect, defaultStatementMs } from './database.ts';

export type Context = Awaited<ReturnType<typeof createContext>>;

/** Connects the service to its database and to auth-service. Tests set the clock and the time limit of a statement. */
export async function createContext(
  config: Config,
  { clock = () => new Date(), statementMs = defaultStatementMs } = {},
) {
  const log = createLogger('notes-service', config.LOG_LEVEL);
  const db = await connect(config.DATABASE_URL, { statementMs });
  const keys = createKeySet({ url: config.JWKS_URL, log });
  const revocations = createRevocationList({
    issuer: {
      baseUrl: config.AUTH_SERVICE_URL,
      caller: 'notes-service',
      callee: 'auth-service',
      secret: config.NOTES_TO_AUTH_SECRET,
    },
    path: '/internal/revocations',
    log,
  });
  return {
    log,
    db,
    keys,
    revocations,
    clock,
    verifyAccessToken: createAccessTokenVerifier({
      issuer: config.TOKEN_ISSUER,
      audience: config.TOKEN_AUDIENCE,
      keys,
      revocations,
      clock,
    }),
    verifyServiceToken: createServiceTokenVerifier('notes-service', {
      'user-service': config.USER_TO_NOTES_SECRET,
    }),
    async close() {
      keys.close();
      revocations.close();
      await db.$disconnect();
    },
  };
}
