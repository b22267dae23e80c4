import { BSON, type Document } from 'bson';
import { type Command, itemOf } from './command.ts';
import { duplicateKeyDetails } from './duplicate-key.ts';
import { CommandError, duplicateKey, errorFor, unpackSqlState } from './errors.ts';
import { type Storage, bsonOf } from './storage.ts';

const upsertAttempts = 4;
// Values keep their BSON types, so that what is not touched is written back as it came.
const asItIs = { promoteValues: false, promoteBuffers: false, bsonRegExp: true };

/**
 * Runs insert, update, delete or findAndModify, `sql` being DocumentDB's function for it, and returns the
 * reply with MongoDB's error codes. Throws CommandError when the command as a whole fails.
 */
export async function write(storage: Storage, sql: string, command: Command): Promise<Buffer> {
  // An upsert that lost a race against another finds the winner's document when it tries again, as in MongoDB.
  for (let left = isUpsert(command) ? upsertAttempts : 1; ; left--) {
    const result = await attempt(storage, sql, command);
    if (!result.duplicate || left === 1) return finished(storage, command, result);
  }
}

type Result = { reply: Document | Buffer; duplicate?: string };

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
    const duplicate = errors.find(({ code }) => code === duplicateKey);
    return duplicate ? { reply, duplicate: String(duplicate['errmsg']) } : { reply };
  } catch (error) {
    if (!(error instanceof CommandError) || error.code !== duplicateKey) throw error;
    return { reply: { ok: 0 }, duplicate: error.message };
  }
}

async function finished(storage: Storage, command: Command, { reply, duplicate }: Result): Promise<Buffer> {
  if (Buffer.isBuffer(reply)) return reply;
  if (reply['ok'] === 0) {
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

// Only a command that is one upsert can be run again: it did nothing if it failed.
function isUpsert(command: Command): boolean {
  if (command.name === 'findAndModify') return command.fields['upsert'] === true;
  const single = itemOf(command, 'updates', 0);
  return single?.['upsert'] === true && !itemOf(command, 'updates', 1);
}
