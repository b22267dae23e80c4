import type { Command } from './command.ts';
import type { Cursors } from './cursors.ts';
import { CommandError } from './errors.ts';
import { type Storage, bsonOf } from './storage.ts';

/** Runs the command with the function of DocumentDB that opens a cursor, and returns its first batch. */
export async function firstBatch(
  storage: Storage,
  cursors: Cursors,
  sql: string,
  command: Command,
): Promise<Buffer> {
  const row = await storage<{ page: string; next: string | null; id: string }>(
    `select cursorpage::text page, continuation::text next, cursorid::text id
     from documentdb_api.${sql}_cursor_first_page($1, $2::documentdb_core.bson)`,
    [command.db, command.bson],
  );
  if (row?.next) cursors.keep(row.id, row.next);
  return bsonOf(row?.page);
}

/** The next batch of a cursor. Throws CommandError when it is closed, unknown or expired. */
export async function nextBatch(storage: Storage, cursors: Cursors, command: Command): Promise<Buffer> {
  const id = String(command.fields['getMore']);
  const continuation = cursors.find(id);
  if (continuation === undefined) throw new CommandError(43, 'CursorNotFound', `cursor id ${id} not found`);
  const row = await storage<{ page: string; next: string | null }>(
    `select cursorpage::text page, continuation::text next
     from documentdb_api.cursor_get_more($1, $2::documentdb_core.bson, $3::documentdb_core.bson)`,
    [command.db, command.bson, continuation],
  );
  if (row?.next) cursors.keep(id, row.next);
  else cursors.close(id);
  return bsonOf(row?.page);
}

/** Closes the cursors and lists those that were open. */
export async function killCursors(storage: Storage, cursors: Cursors, command: Command) {
  const ids: unknown[] = Array.isArray(command.fields['cursors']) ? command.fields['cursors'] : [];
  const cursorsKilled = ids.filter((id) => cursors.close(String(id)));
  if (cursorsKilled.length > 0)
    await storage('select documentdb_api_internal.delete_cursors($1::bigint[])', [cursorsKilled.map(String)]);
  const cursorsNotFound = ids.filter((id) => !cursorsKilled.includes(id));
  return { cursorsKilled, cursorsNotFound, cursorsAlive: [], cursorsUnknown: [], ok: 1 };
}
