import { StartError } from '@polyglot-notes/service-kit';
import mongoose, { mongo, type Connection } from 'mongoose';
import { traceCommands } from './trace-commands.ts';

/**
 * Connects to MongoDB; writes are acknowledged by a majority and its journal, reads come from the primary.
 * Throws a StartError when it cannot be reached within five seconds. `isTraced` makes commands parts of traces.
 */
export async function connect(url: string, dbName: string, { isTraced = false } = {}): Promise<Connection> {
  const connection = mongoose.createConnection(url, {
    dbName,
    autoIndex: false,
    autoCreate: false,
    writeConcern: { w: 'majority', journal: true },
    readPreference: 'primary',
    serverSelectionTimeoutMS: 5_000,
    monitorCommands: isTraced,
  });
  try {
    await connection.asPromise();
    if (isTraced) traceCommands(connection.getClient());
    return connection;
  } catch (cause) {
    const reason = Error.isError(cause) ? cause.message : String(cause);
    throw new StartError(`MongoDB, which MONGODB_URL names, cannot be used: ${reason}`, { cause });
  }
}

/** A health check: throws when the database does not answer. */
export const ping = (connection: Connection) => async (): Promise<void> => {
  if (connection.db === undefined) throw new Error('not connected');
  await connection.db.command({ ping: 1 });
};

// A server that shuts down, or is no longer the primary (MongoDB's "Server Discovery and Monitoring", state change
// errors).
const stateChange = new Set<unknown>([91, 189, 10_058, 10_107, 11_600, 11_602, 13_435, 13_436]);

/** Whether an error means that the database cannot be reached now, not that something is wrong with the call. */
export const isUnavailable = (error: unknown): boolean =>
  (error instanceof mongo.MongoServerError && stateChange.has(error.code)) ||
  error instanceof mongo.MongoNetworkError ||
  error instanceof mongo.MongoServerSelectionError ||
  error instanceof mongoose.Error.MongooseServerSelectionError;
