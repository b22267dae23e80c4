import { errorCode, StartError } from '@polyglot-notes/service-kit';
import { PrismaPg } from '@prisma/adapter-pg';
import { isDriverAdapterError } from '@prisma/driver-adapter-utils';
import { PrismaClient } from '../generated/prisma/client.ts';

// Shorter than the gateway waits, so that a statement does not go on for a client that has its answer.
const statementMs = 8_000;
const connectMs = 4_000;

// Prisma's adapter sends times without their offset and drops it from those that it reads, so they are only right in a
// session in UTC. The last options of a URL replace those before them, the last setting of a name wins.
function inUtc(connectionString: string): string {
  const [, options = ''] = /[?&]options=([^&]*)/.exec(connectionString) ?? [];
  const separator = connectionString.includes('?') ? '&' : '?';
  return `${connectionString}${separator}options=${options}%20-c%20timezone=UTC`;
}

/** A client for the database. Throws a StartError when it does not answer. */
export async function connect(connectionString: string): Promise<PrismaClient> {
  const limits = {
    connectionTimeoutMillis: connectMs,
    statement_timeout: statementMs,
    query_timeout: statementMs + 500,
  };
  const db = new PrismaClient({
    adapter: new PrismaPg({ connectionString: inUtc(connectionString), ...limits }),
    transactionOptions: { maxWait: connectMs, timeout: statementMs },
  });
  try {
    await ping(db)();
    return db;
  } catch (cause) {
    await db.$disconnect();
    const reason = Error.isError(cause) ? cause.message.trim() : String(cause);
    throw new StartError(`PostgreSQL, which DATABASE_URL names, cannot be used: ${reason}`, { cause });
  }
}

/** A health check: throws when the database does not answer. */
export const ping = (db: PrismaClient) => async (): Promise<void> => {
  await db.$queryRaw`select 1`;
};

// Prisma's codes for no connection, none in time, too slow, closed by the server, none free, a transaction that could
// not begin or end in time; then Node's.
const unavailable = new Set<unknown>([
  'P1001',
  'P1002',
  'P1008',
  'P1017',
  'P2024',
  'P2028',
  'ECONNREFUSED',
  'ECONNRESET',
]);
// What pg throws without a code, and what Prisma says of a raw query under a code that may mean anything.
const noConnection =
  /Connection terminated|Server has closed the connection|is not queryable|timeout exceeded when trying to connect|Query read timeout|statement timeout|Can't reach database server/;
// What the adapter calls such faults when Prisma passes them on as they are.
const connectionFaults = new Set<unknown>([
  'ConnectionClosed',
  'DatabaseNotReachable',
  'SocketTimeout',
  'TooManyConnections',
]);
// PostgreSQL's own codes: a connection that breaks, no more connections, a server that stops or starts.
const serverAway = /^(?:08\w{3}|53300|57P0\d)$/;

/** Whether an error means that the database cannot be reached now, not that something is wrong with the statement. */
export function isUnavailable(error: unknown): boolean {
  if (unavailable.has(errorCode(error))) return true;
  if (!Error.isError(error)) return false;
  const { message } = error;
  if (noConnection.test(message) || isAway(/Code: `(\w+)`/.exec(message)?.[1])) return true;
  if (!isDriverAdapterError(error)) return false;
  const { cause } = error;
  return connectionFaults.has(cause.kind) || (cause.kind === 'postgres' && isAway(cause.code));
}

const isAway = (sqlState: unknown) => serverAway.test(String(sqlState));
