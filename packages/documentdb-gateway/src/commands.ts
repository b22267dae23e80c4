import { BSON, type Document } from 'bson';
import type { Command } from './command.ts';
import type { Cursors } from './cursors.ts';
import { CommandError } from './errors.ts';
import { explain } from './explain.ts';
import { firstBatch, killCursors, nextBatch } from './reads.ts';
import { type Storage, bsonOf } from './storage.ts';
import { largestMessage } from './wire.ts';
import { write } from './writes.ts';

/** The dependencies of an answer: storage, open cursors, and a queue for changes of the schema. */
export type Answering = {
  storage: Storage;
  cursors: Cursors;
  alone: <Result>(work: () => Promise<Result>) => Promise<Result>;
};

type Answer = (context: Answering, command: Command) => Promise<Buffer | Document>;

/** The server's description of itself in the handshake. */
export const hello = (): Document => ({
  helloOk: true,
  ismaster: true,
  isWritablePrimary: true,
  readOnly: false,
  minWireVersion: 0,
  maxWireVersion: 21,
  maxBsonObjectSize: 16_777_216,
  maxMessageSizeBytes: largestMessage,
  maxWriteBatchSize: 25_000,
  logicalSessionTimeoutMinutes: 30,
  localTime: new Date(),
  ok: 1,
});

const ok = { ok: 1 };
const bson = '$2::documentdb_core.bson';

// An SQL expression of the database's name, $1, and the command, $2, whose value is the reply.
const value =
  (expression: string): Answer =>
  async ({ storage }, { db, bson: spec }) => {
    const row = await storage<{ reply: string }>(`select (${expression})::text reply, $1::text`, [db, spec]);
    return bsonOf(row?.reply);
  };

const writing =
  (sql: string): Answer =>
  ({ storage }, command) =>
    write(storage, sql, command);

const reading =
  (sql: string): Answer =>
  ({ storage, cursors }, command) =>
    firstBatch(storage, cursors, sql, command);

// Two changes of DocumentDB's catalogue at the same time can deadlock.
const changing =
  (change: Answer): Answer =>
  (context, command) =>
    context.alone(() => change(context, command));

const always =
  (reply: Document): Answer =>
  () =>
    Promise.resolve(reply);

const name = ({ name: field, fields }: Command) => String(fields[field]);

const aggregate: Answer = async (context, command) => {
  const pipeline: unknown = command.fields['pipeline'];
  const first: unknown = Array.isArray(pipeline) ? pipeline[0] : undefined;
  if (typeof first === 'object' && first && '$changeStream' in first)
    throw new CommandError(
      40573,
      'Location40573',
      'The $changeStream stage is only supported on replica sets',
    );
  return reading('aggregate')(context, command);
};

const createIndexes: Answer = async ({ storage }, command) => {
  await storage('select documentdb_api.create_collection($1, $2)', [command.db, name(command)]);
  // In place, not in the background: a unique key holds when the call returns.
  const row = await storage<{ reply: string }>(
    `select documentdb_api_internal.create_indexes_non_concurrently($1, ${bson}, true)::text reply`,
    [command.db, command.bson],
  );
  return bsonOf(row?.reply);
};

const dropIndexes: Answer = async ({ storage }, { db, bson: spec }) => {
  const row = await storage<{ retval: string }>(`call documentdb_api.drop_indexes($1, ${bson}, null)`, [
    db,
    spec,
  ]);
  return bsonOf(row?.retval);
};

const drop: Answer = async ({ storage }, command) => {
  await storage('select documentdb_api.drop_collection($1, $2)', [command.db, name(command)]);
  return ok;
};

const dropDatabase: Answer = async ({ storage }, { db }) => {
  await storage('select documentdb_api.drop_database($1)', [db]);
  return { dropped: db, ok: 1 };
};

const answers: Record<string, Answer> = {
  hello: () => Promise.resolve(hello()),
  isMaster: () => Promise.resolve(hello()),
  ismaster: () => Promise.resolve(hello()),
  ping: async ({ storage }) => {
    await storage('select 1', []);
    return ok;
  },
  buildInfo: always({ version: '8.0.0', versionArray: [8, 0, 0, 0], modules: ['documentdb'], ok: 1 }),
  connectionStatus: always({ authInfo: { authenticatedUsers: [], authenticatedUserRoles: [] }, ok: 1 }),
  endSessions: always(ok),
  insert: writing('insert'),
  update: writing('update'),
  delete: writing('delete'),
  findAndModify: writing('find_and_modify'),
  find: reading('find'),
  aggregate,
  explain: ({ storage }, command) => explain(storage, command),
  listCollections: reading('list_collections'),
  listIndexes: reading('list_indexes'),
  getMore: ({ storage, cursors }, command) => nextBatch(storage, cursors, command),
  killCursors: ({ storage, cursors }, command) => killCursors(storage, cursors, command),
  count: value(`documentdb_api.count_query($1, ${bson})`),
  distinct: value(`documentdb_api.distinct_query($1, ${bson})`),
  listDatabases: value(`documentdb_api.list_databases(${bson})`),
  create: changing(value(`documentdb_api.create_collection_view($1, ${bson})`)),
  renameCollection: changing(value(`documentdb_api.rename_collection(${bson})`)),
  createIndexes: changing(createIndexes),
  dropIndexes: changing(dropIndexes),
  drop: changing(drop),
  dropDatabase: changing(dropDatabase),
};

/**
 * Answers one command with a BSON document, even after a failure. `report` gets the failures that are not the
 * client's fault.
 */
export async function answer(
  context: Answering,
  command: Command,
  report: (error: unknown) => void,
): Promise<Buffer> {
  try {
    if (command.fields['autocommit'] === false)
      throw new CommandError(263, 'OperationNotSupportedInTransaction', noTransactions);
    const known = Object.hasOwn(answers, command.name) ? answers[command.name] : undefined;
    if (!known) throw new CommandError(59, 'CommandNotFound', `no such command: '${command.name}'`);
    const reply = await known(context, command);
    return Buffer.isBuffer(reply) ? reply : Buffer.from(BSON.serialize(reply));
  } catch (error) {
    if (!(error instanceof CommandError)) report(error);
    const { code, codeName, message, details } = error instanceof CommandError ? error : unavailable;
    return Buffer.from(BSON.serialize({ ok: 0, code, codeName, errmsg: message, ...details }));
  }
}

const noTransactions =
  'DocumentDB behind this server has no multi-document transactions: use MongoDB for them';
const unavailable = new CommandError(
  91,
  'ShutdownInProgress',
  'The storage behind this server does not answer',
);
