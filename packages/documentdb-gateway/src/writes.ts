import { setTimeout as sleep } from 'node:timers/promises';
import { BSON, type Document } from 'bson';
import { type Command, itemOf } from './command.ts';
import { duplicateKeyDetails } from './duplicate-key.ts';
import { CommandError, duplicateKey, errorFor, unpackSqlState, writeConflict } from './errors.ts';
import { type Storage, bsonOf } from './storage.ts';

const upsertAttempts = 4;
const conflictAttempts = 50;
const maxPauseMs = 500;
// Values keep their BSON types, so that unchanged values are written back unchanged.
const asItIs = { promoteValues: false, promoteBuffers: false, bsonRegExp: true };

/**
 * Runs insert, update, delete or findAndModify by DocumentDB's function `sql` and returns the
 * reply with MongoDB's error codes. Throws CommandError when the command as a whole fails.
 */
export async function write(storage: Storage, sql: string, command: Command): Promise<Buffer> {
  const single = isSingle(command);
  let upsertsLeft = single && isUpsert(command) ? upsertAttempts : 1;
  const mostConflicts = single ? conflictAttempts : 1;
  let conflicts = 0;
  for (;;) {
    const result = await attempt(storage, sql, command);
    // An upsert that has lost a race finds the winner's document in its next attempt, and a write that PostgreSQL ended to
    // resolve a deadlock succeeds. MongoDB retries both as well.
    // The pauses are random, so that concurrent writes do not collide again.
    if (result.conflict && ++conflicts < mostConflicts)
      await sleep(Math.random() * Math.min(maxPauseMs, 10 * 2 ** conflicts));
    else if (!result.duplicate || --upsertsLeft === 0) return finished(storage, command, result);
  }
}

type Result = { reply: Document | Buffer; duplicate?: string; conflict?: CommandError };

async function attempt(storage: Storage, sql: string, command: Command): Promise<Result> {
  try {
    const row = await storage<{ reply: string }>(
      `select (documentdb_api.${sql}($1, $2::documentdb_core.bson)).p_result::text reply`,
      [command.db, command.bson],
    );
    const bytes = bsonOf(row?.reply);
    if (!bytes.includes('writeErrors')) return { reply: bytes };
    const reply = BSON.deserialize(bytes, asItIs);
    const errors = writeErrors(reply);
    for (const error of errors) error['code'] = errorFor(unpackSqlState(Number(error['code']))).code;
    const conflict = errors.find(({ code }) => code === writeConflict);
    if (conflict) return { reply, conflict: conflictOf(String(conflict['errmsg'])) };
    const duplicate = errors.find(({ code }) => code === duplicateKey);
    return duplicate ? { reply, duplicate: String(duplicate['errmsg']) } : { reply };
  } catch (error) {
    if (!(error instanceof CommandError)) throw error;
    if (error.code === duplicateKey) return { reply: { ok: 0 }, duplicate: error.message };
    if (error.code === writeConflict) return { reply: { ok: 0 }, conflict: error };
    throw error;
  }
}

const conflictOf = (message: string) => new CommandError(writeConflict, 'WriteConflict', message);

async function finished(
  storage: Storage,
  command: Command,
  { reply, duplicate, conflict }: Result,
): Promise<Buffer> {
  if (Buffer.isBuffer(reply)) return reply;
  if (reply['ok'] === 0) {
    if (conflict) throw conflict;
    const { errmsg, more } = await duplicateKeyDetails(storage, command, duplicate ?? '', undefined);
    throw new CommandError(duplicateKey, 'DuplicateKey', errmsg, more);
  }
  for (const error of writeErrors(reply)) {
    if (error['code'] !== duplicateKey) continue;
    const inserted =
      command.name === 'insert' ? itemOf(command, 'documents', Number(error['index'])) : undefined;
    const { errmsg, more } = await duplicateKeyDetails(storage, command, String(error['errmsg']), inserted);
    Object.assign(error, { errmsg, ...more });
  }
  return Buffer.from(BSON.serialize(reply));
}

const writeErrors = (reply: Document): Document[] => reply['writeErrors'] ?? [];

// Only a command with a single write can be retried: a failed one has changed nothing.
const isSingle = (command: Command): boolean =>
  ['documents', 'updates', 'deletes'].every((list) => !itemOf(command, list, 1));

const isUpsert = (command: Command): boolean =>
  (command.name === 'findAndModify' ? command.fields : itemOf(command, 'updates', 0))?.['upsert'] === true;
