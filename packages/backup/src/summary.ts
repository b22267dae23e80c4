import { textTable } from '@polyglot-notes/service-kit';
import type { StoredDatabase } from './manifest.ts';

/** A table of the tables in a backup, in lines. */
export function summaryOf(databases: Record<string, StoredDatabase>): string[] {
  const rows = Object.entries(databases).flatMap(([database, { tables }]) =>
    tables.map(({ name, rows: count, bytes }) => [database, name, String(count), String(bytes)]),
  );
  return textTable([['database', 'table', 'rows', 'bytes'], ...rows])
    .trimEnd()
    .split('\n');
}
