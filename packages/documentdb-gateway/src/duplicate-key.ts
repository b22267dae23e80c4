import { BSON, type Document } from 'bson';
import type { Command } from './command.ts';
import { type Storage, bsonOf } from './storage.ts';

/**
 * MongoDB's message and fields for a duplicate key, from DocumentDB's message: the index and, with the
 * inserted document, the value.
 */
export async function duplicateKeyDetails(
  storage: Storage,
  { db, fields, name }: Command,
  message: string,
  inserted: Document | undefined,
): Promise<{ errmsg: string; more: { keyPattern?: Document; keyValue?: Document } }> {
  const collection = String(fields[name]);
  // DocumentDB's message contains the name of the index, PostgreSQL's a number.
  const [, index = null] = /Index '(.*)'/.exec(message) ?? [];
  const [, number = null] = /"documents_rum_index_(\d+)"/.exec(message) ?? [];
  const row = await storage<{ name: string; key: string }>(
    `select (index_spec).index_name as name, (index_spec).index_key::text as key
     from documentdb_api_catalog.collection_indexes join documentdb_api_catalog.collections using (collection_id)
     where database_name = $1 and collection_name = $2
       and (index_id = $4::int or $4::int is null and (index_spec).index_name = $3::text)`,
    [db, collection, index, number],
  );
  const errmsg = `E11000 duplicate key error collection: ${db}.${collection} index: ${row?.name ?? '_id_'}`;
  const keyPattern: Document = row ? BSON.deserialize(bsonOf(row.key)) : { _id: 1 };
  if (!inserted) return { errmsg, more: { keyPattern } };
  const values = Object.keys(keyPattern).map((path) => [path, valueAt(inserted, path)] as const);
  const words = values.map(([path, value]) => `${path}: ${BSON.EJSON.stringify(value)}`).join(', ');
  const keyValue = Object.fromEntries(values);
  return { errmsg: `${errmsg} dup key: { ${words} }`, more: { keyPattern, keyValue } };
}

const valueAt = (document: Document, path: string): unknown =>
  path.split('.').reduce((value, part) => value?.[part], document) ?? null;
