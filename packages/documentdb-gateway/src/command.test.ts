import { expect, test } from '@jest/globals';
import { BSON } from 'bson';
import { itemOf, readCommand } from './command.ts';
import { type Request, WireError } from './wire.ts';

const bson = (value: BSON.Document) => Buffer.from(BSON.serialize(value));
const request = (body: BSON.Document, sequences: Record<string, BSON.Document[]> = {}): Request => ({
  id: 1,
  legacy: false,
  answered: true,
  body: bson(body),
  sequences: new Map(Object.entries(sequences).map(([name, items]) => [name, items.map(bson)])),
});

test('names the command by its first field and takes the database from $db', () => {
  expect(readCommand(request({ find: 'notes', $db: 'app' }))).toMatchObject({ name: 'find', db: 'app' });
});

test('removes the fields of the session', () => {
  const { bson: spec } = readCommand(
    request({ find: 'notes', filter: { a: 1 }, lsid: { id: 1 }, $db: 'app', txnNumber: 1, $clusterTime: {} }),
  );
  expect(BSON.deserialize(spec)).toEqual({ find: 'notes', filter: { a: 1 } });
});

test('adds the arrays of separate sections to the command', () => {
  const { bson: spec } = readCommand(
    request({ insert: 'notes', $db: 'app' }, { documents: Array.from({ length: 11 }, (_, a) => ({ a })) }),
  );
  expect(BSON.deserialize(spec)).toEqual({
    insert: 'notes',
    documents: Array.from({ length: 11 }, (_, a) => ({ a })),
  });
});

test('passes values on byte for byte', () => {
  const values = {
    double: new BSON.Double(1),
    long: BSON.Long.fromString('9007199254740993'),
    zero: new BSON.Double(-0),
  };
  const { bson: spec } = readCommand(request({ find: 'notes', filter: values, $db: 'app' }));
  expect(spec).toEqual(bson({ find: 'notes', filter: values }));
});

test('reads 64-bit integers exactly', () => {
  const { fields } = readCommand(request({ getMore: BSON.Long.fromString('9007199254740993'), $db: 'app' }));
  expect(fields['getMore']).toBe(9007199254740993n);
});

test('finds an item of an inline array and of a section', () => {
  const apart = readCommand(request({ insert: 'notes', $db: 'app' }, { documents: [{ a: 1 }, { a: 2 }] }));
  const inline = readCommand(request({ insert: 'notes', documents: [{ a: 1 }, { a: 2 }], $db: 'app' }));
  expect(itemOf(apart, 'documents', 1)).toEqual({ a: 2 });
  expect(itemOf(inline, 'documents', 1)).toEqual({ a: 2 });
  expect(itemOf(inline, 'documents', 2)).toBeUndefined();
});

test('refuses what is not BSON', () => {
  const broken = { ...request({ ping: 1 }), body: Buffer.from([9, 0, 0, 0, 99, 1, 1, 1, 0]) };
  expect(() => readCommand(broken)).toThrow(WireError);
});
