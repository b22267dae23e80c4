import {
  createAccessTokenVerifier,
  createKeySet,
  createLogger,
  createMetrics,
  createRevocationList,
  createServiceTokenVerifier,
  createTracing,
  revocationMetrics,
  signingKeyMetrics,
} from '@polyglot-notes/service-kit';
import type { Pool } from 'pg';
import type { PrismaClient } from '../generated/prisma/client.ts';
import { createJobs } from './background-jobs.ts';
import { createChangesRepository } from './changes/changes.repository.ts';
import { pruneTombstones } from './changes/prune-tombstones.ts';
import { createRevisionWatch } from './changes/revision-watch.ts';
import type { Config } from './config.ts';
import { connectionMetrics } from './database.metrics.ts';
import { traceQueries } from './trace-queries.ts';
import { connect, createReader, defaultStatementMs } from './database.ts';
import { sweepKeys } from './idempotency/sweep.ts';
import { createOwnerWrites } from './owners/owner-writes.ts';
import { createShares } from './shares.ts';
import { createTrashPurge } from './trash/trash-purge.ts';
import { createSlots } from './transfer/slots.ts';

export type Context = Awaited<ReturnType<typeof createContext>>;

// One user has at most three of the connections for lists, one of them for a search, and one for writes, which the lock
// of the owner serializes anyway.
const listShareLimits = { running: 2, waiting: 100 };
const searchShareLimits = { running: 1, waiting: 100 };
const writeShareLimits = { running: 1, waiting: 300 };
// For changes of many notes, such as a batch or those with a tag.
const longWriteMs = 240_000;
const [exportsAtATime, zipExportsAtATime, importsAtATime] = [10, 2, 4];
// Each may have a temporary file.
const importBodiesAtATime = 10;
const defaultWaitMs = 4_000;
const sweepMs = 10 * 60_000;
const purgeMs = 60 * 60_000;
const searchLimits = { rankedMatches: 1_000, countedMatches: 10_000 };

/** The connections of each of `workers`, with the least that lets one user not take all. */
function connectionsOf(workers: number) {
  const part = (all: number, least: number) => Math.max(least, Math.ceil(all / workers));
  return {
    requests: part(10, 3),
    lists: part(5, 4),
    longWrites: part(5, 2),
    // An export reads one page at a time.
    exports: part(2, 1),
  };
}

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
    limits = {
      notes: config.NOTES_MAX,
      bytes: config.STORAGE_MAX_BYTES,
      versionsPerNote: config.NOTE_VERSIONS_MAX,
    },
  } = {},
) {
  const log = createLogger('notes-service', config.LOG_LEVEL);
  const metrics = createMetrics(log);
  const { OTEL_EXPORTER_OTLP_ENDPOINT: endpoint, OTEL_TRACES_SAMPLER_ARG: ratio } = config;
  const tracing = await createTracing({ service: 'notes-service', endpoint, ratio, log });
  const measure = connectionMetrics(metrics);
  const poolFor = (purpose: string) => (pool: Pool) => {
    measure(purpose)(pool);
    if (tracing !== undefined) traceQueries(pool);
  };
  const connections = connectionsOf(config.WORKERS);
  const url = config.DATABASE_URL;
  const db = await connect(url, {
    statementMs,
    connections: connections.requests,
    observe: poolFor('requests'),
  });
  const listDb = createReader(url, {
    statementMs: listMs,
    connections: connections.lists,
    observe: poolFor('lists'),
  });
  const exportDb = createReader(url, {
    statementMs,
    connections: connections.exports,
    observe: poolFor('exports'),
  });
  const longLimits = { statementMs: longWriteMs, lockMs: statementMs / 2 };
  const longDb = await connect(url, {
    ...longLimits,
    connections: connections.longWrites,
    observe: poolFor('long_writes'),
  });
  // Users whose changes take long must not delay the erasure of others.
  const erasureDb = await connect(url, { ...longLimits, connections: 1, observe: poolFor('erasures') });
  const { revisions } = createChangesRepository(listDb);
  const revisionWatch = createRevisionWatch({ revisions, log });
  const writeShare = createShares({ ...writeShareLimits, waitMs });
  const writesOn = (on: PrismaClient) =>
    createOwnerWrites({
      db: on,
      writeShare,
      limits,
      clock,
      onWrite: (userId) => revisionWatch.notify(userId),
    });
  const writeLong = writesOn(longDb);
  const jobs = createJobs({ tracing, log });
  jobs.every('sweep of idempotency keys', sweepMs, () => sweepKeys(db, clock()));
  const purgeTrash = createTrashPurge({ listDb, writeLong, clock, trashDays: config.TRASH_DAYS, log });
  jobs.every('purge of the trash', purgeMs, purgeTrash);
  jobs.every('removal of tombstones', sweepMs, (closing) =>
    pruneTombstones(db, { now: clock(), changesDays: config.CHANGES_DAYS, closing }),
  );
  const keys = createKeySet({ url: config.JWKS_URL, log });
  const revocations = createRevocationList({
    issuer: {
      baseUrl: config.AUTH_SERVICE_URL,
      caller: 'notes-service',
      callee: 'auth-service',
      secrets: config.NOTES_TO_AUTH_SECRET,
    },
    path: '/internal/revocations',
    log,
  });
  signingKeyMetrics(metrics, keys);
  revocationMetrics(metrics, revocations);
  return {
    log,
    metrics,
    tracing,
    publicUrl: config.PUBLIC_URL,
    db,
    listDb,
    revisionWatch,
    listShare: createShares({ ...listShareLimits, waitMs }),
    searchShare: createShares({ ...searchShareLimits, waitMs }),
    searchLimits: { rankedMatches, countedMatches },
    erasureDb,
    writeAsOwner: writesOn(db),
    /** For changes of many notes. */
    writeLong,
    exportDb,
    exportSlots: createSlots(exportsAtATime),
    zipSlots: createSlots(zipExportsAtATime),
    importBodySlots: createSlots(importBodiesAtATime),
    importSlots: createSlots(importsAtATime),
    importMaxBytes: config.IMPORT_MAX_BYTES,
    limits,
    requireIfMatch: config.REQUIRE_IF_MATCH,
    keys,
    revocations,
    clock,
    jobs,
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
    isLoaded: () => keys.loaded() && revocations.isUsable(),
    async close() {
      revisionWatch.close();
      keys.close();
      revocations.close();
      await jobs.close();
      await Promise.all([
        db.$disconnect(),
        longDb.$disconnect(),
        erasureDb.$disconnect(),
        listDb.close(),
        exportDb.close(),
      ]);
      await tracing?.close();
    },
  };
}
