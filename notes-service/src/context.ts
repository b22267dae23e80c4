import {
  createAccessTokenVerifier,
  createKeySet,
  createLogger,
  createRevocationList,
  createServiceTokenVerifier,
} from '@polyglot-notes/service-kit';
import type { Config } from './config.ts';
import { connect, createReader, defaultStatementMs } from './database.ts';
import { createShares } from './shares.ts';

export type Context = Awaited<ReturnType<typeof createContext>>;

// One user has at most three of the connections for lists, one of them for a search, and one for writes, which the lock
// of the owner serializes anyway.
const listConnections = 5;
const listShareLimits = { running: 2, waiting: 100 };
const searchShareLimits = { running: 1, waiting: 100 };
const writeShareLimits = { running: 1, waiting: 300 };
const defaultWaitMs = 4_000;
const searchLimits = { rankedMatches: 1_000, countedMatches: 10_000 };

/** Connects the service to its database and to auth-service. Tests set the clock and the time limits. */
export async function createContext(
  config: Config,
  {
    clock = () => new Date(),
    statementMs = defaultStatementMs,
    listMs = config.LIST_TIMEOUT_MS,
    waitMs = defaultWaitMs,
    rankedMatches = searchLimits.rankedMatches,
    countedMatches = searchLimits.countedMatches,
  } = {},
) {
  const log = createLogger('notes-service', config.LOG_LEVEL);
  const db = await connect(config.DATABASE_URL, { statementMs });
  const listDb = createReader(config.DATABASE_URL, { statementMs: listMs, connections: listConnections });
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
    listDb,
    listShare: createShares({ ...listShareLimits, waitMs }),
    searchShare: createShares({ ...searchShareLimits, waitMs }),
    searchLimits: { rankedMatches, countedMatches },
    writeShare: createShares({ ...writeShareLimits, waitMs }),
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
      await Promise.all([db.$disconnect(), listDb.close()]);
    },
  };
}
