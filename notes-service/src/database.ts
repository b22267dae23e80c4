import { errorCode, Problem, problems, StartError } from '@polyglot-notes/service-kit';
import { PrismaPg } from '@prisma/adapter-pg';
import { isDriverAdapterError } from '@prisma/driver-adapter-utils';
import pg from 'pg';
import { PrismaClient, type Prisma } from '../generated/prisma/client.ts';
import { rowTypes } from './row-types.ts';

// Shorter than the time-out of the gateway: the result of a longer statement would reach nobody.
export const defaultStatementMs = 8_000;
const connectMs = 4_000;

// Prisma's adapter sends times without an offset and ignores the offset of times that it reads, so the session must use
// UTC. Only the last `options` parameter of a URL counts, and in it the last value of a setting.
function inUtc(connectionString: string, settings = ''): string {
  const [, options = ''] = /[?&]options=([^&]*)/.exec(connectionString) ?? [];
  const separator = connectionString.includes('?') ? '&' : '?';
  return `${connectionString}${separator}options=${options}%20-c%20timezone=UTC${settings}`;
}

// On a partitioned table, PostgreSQL rates the generic plan too high to choose it by itself.
const genericPlans = '%20-c%20plan_cache_mode=force_generic_plan';

interface PoolLimits {
  statementMs?: number;
  /** How long a statement waits for a lock. */
  lockMs?: number;
  connections?: number;
  /** Gets each pool that is created. */
  observe?: (pool: pg.Pool) => void;
}

const poolConfig = (
  connectionString: string,
  { statementMs = defaultStatementMs, lockMs = statementMs / 2, connections = 10 }: PoolLimits,
) => ({
  connectionString: inUtc(connectionString),
  max: connections,
  connectionTimeoutMillis: connectMs,
  statement_timeout: statementMs,
  // Another instance may hold the lock of an owner.
  lock_timeout: lockMs,
  query_timeout: statementMs + 500,
});

/** Reads rows with a pool of pg, which takes half the time of Prisma's raw queries. Times are ISO 8601 text. */
export interface Reader {
  /** Runs a statement, planned for its values. */
  read<Row extends object>(sql: Prisma.Sql): Promise<Row[]>;
  /**
   * Runs a statement that each connection of a second pool plans once, for all values. For statements of few texts, because
   * they stay prepared.
   */
  readPrepared<Row extends object>(sql: Prisma.Sql): Promise<Row[]>;
  close(): Promise<void>;
}

/** Creates a reader. It connects when it is first used. */
export function createReader(connectionString: string, limits: PoolLimits = {}): Reader {
  const config = { ...poolConfig(connectionString, limits), types: rowTypes };
  const pool = new pg.Pool(config);
  const preparedPool = new pg.Pool({
    ...config,
    connectionString: inUtc(connectionString, genericPlans),
  });
  // The server closes an idle connection. The next statement gets another one.
  for (const each of [pool, preparedPool]) {
    each.on('error', () => {});
    limits.observe?.(each);
  }
  const names = new Map<string, string>();

  function nameOf(text: string): string {
    const name = names.get(text) ?? `read-${names.size}`;
    names.set(text, name);
    return name;
  }

  return {
    read: async <Row extends object>({ text, values }: Prisma.Sql) =>
      (await pool.query<Row>({ text, values })).rows,
    readPrepared: async <Row extends object>({ text, values }: Prisma.Sql) =>
      (await preparedPool.query<Row>({ name: nameOf(text), text, values })).rows,
    async close() {
      await Promise.all([pool.end(), preparedPool.end()]);
    },
  };
}

/** Connects to PostgreSQL with a pool of `connections`. Throws a StartError if the server does not answer. */
export async function connect(connectionString: string, limits: PoolLimits = {}): Promise<PrismaClient> {
  const pool = new pg.Pool(poolConfig(connectionString, limits));
  limits.observe?.(pool);
  const db = new PrismaClient({
    adapter: new PrismaPg(pool, { disposeExternalPool: true }),
    transactionOptions: { maxWait: connectMs, timeout: limits.statementMs ?? defaultStatementMs },
  });
  try {
    await ping(db)();
    return db;
  } catch (cause) {
    await db.$disconnect();
    const reason = Error.isError(cause) ? cause.message.trim() : String(cause);
    throw new StartError(`The PostgreSQL at DATABASE_URL cannot be used: ${reason}`, { cause });
  }
}

/** A health check. */
export const ping = (db: PrismaClient) => async (): Promise<void> => {
  await db.$queryRaw`select 1`;
};

// Prisma's codes (server not reached, not reached in time, operation timed out, connection closed, no free connection,
// transaction not started or finished in time), then Node's.
const unavailableCodes = new Set<unknown>([
  'P1001',
  'P1002',
  'P1008',
  'P1017',
  'P2024',
  'P2028',
  'ECONNREFUSED',
  'ECONNRESET',
  'ENOTFOUND',
  'EAI_AGAIN',
  'ETIMEDOUT',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'EPIPE',
]);
// Errors of pg without a code, and of Prisma's raw queries under a code that is not specific.
const unavailableMessages =
  /Connection terminated|Server has closed the connection|is not queryable|timeout exceeded when trying to connect|Query read timeout|statement timeout|lock timeout|Can't reach database server/;
const unavailableKinds = new Set<unknown>([
  'ConnectionClosed',
  'DatabaseNotReachable',
  'SocketTimeout',
  'TooManyConnections',
]);
// PostgreSQL's codes: broken connection, too many connections, server stops or starts.
const unavailableSqlStates = /^(?:08\w{3}|53300|57P0\d)$/;

/** Whether an error means that the database is unavailable, and not that the statement is wrong. */
export function isUnavailable(error: unknown): boolean {
  const code = errorCode(error);
  if (unavailableCodes.has(code) || isUnavailableState(code)) return true;
  if (!Error.isError(error)) return false;
  const { message } = error;
  if (unavailableMessages.test(message) || isUnavailableState(/Code: `(\w+)`/.exec(message)?.[1]))
    return true;
  if (!isDriverAdapterError(error)) return false;
  const { cause } = error;
  return unavailableKinds.has(cause.kind) || (cause.kind === 'postgres' && isUnavailableState(cause.code));
}

const isUnavailableState = (sqlState: unknown) => unavailableSqlStates.test(String(sqlState));

/** Whether an error means that work has changed nothing, because it waited too long for a connection or for the lock of a row. */
export function hasWaitedTooLong(error: unknown): boolean {
  if (error instanceof Problem)
    return error.type === problems.serviceUnavailable || error.type === problems.rateLimited;
  return (
    Error.isError(error) && /lock timeout|Unable to start a transaction in the given time/.test(error.message)
  );
}
