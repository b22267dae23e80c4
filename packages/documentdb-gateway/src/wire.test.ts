import { describe, expect, test } from '@jest/globals';
import { BSON } from 'bson';
import { WireError, largestMessage, messageReader, readRequest, writeReply } from './wire.ts';

const bson = (value: BSON.Document) => Buffer.from(BSON.serialize(value));
const int32 = (value: number) => {
  const bytes = Buffer.alloc(4);
  bytes.writeInt32LE(value, 0);
  return bytes;
};

function message(kind: number, ...parts: Buffer[]): Buffer {
  const rest = Buffer.concat(parts);
  return Buffer.concat([int32(16 + rest.length), int32(7), int32(0), int32(kind), rest]);
}

const msg = (flags: number, ...sections: Buffer[]) => message(2013, int32(flags), ...sections);
const body = (value: BSON.Document) => Buffer.concat([Buffer.from([0]), bson(value)]);

function sequence(name: string, ...documents: BSON.Document[]): Buffer {
  const content = Buffer.concat([Buffer.from(`${name}\0`), ...documents.map(bson)]);
  return Buffer.concat([Buffer.from([1]), int32(4 + content.length), content]);
}

describe('messageReader', () => {
  const first = msg(0, body({ ping: 1 }));
  const second = msg(0, body({ hello: 1 }));

  test('assembles a message from single bytes', () => {
    const read = messageReader();
    const found = [...first].flatMap((byte) => read(Buffer.from([byte])));
    expect(found).toEqual([first]);
  });

  test('separates messages that arrive in one chunk', () => {
    const read = messageReader();
    const both = Buffer.concat([first, second]);
    expect([...read(both.subarray(0, first.length + 5)), ...read(both.subarray(first.length + 5))]).toEqual([
      first,
      second,
    ]);
  });

  test.each([15, 0, -1, largestMessage + 1])('refuses a message of %d bytes', (length) => {
    expect(() => messageReader()(int32(length))).toThrow(WireError);
  });
});

describe('readRequest', () => {
  test('reads the command and the arrays in separate sections', () => {
    const request = readRequest(msg(0, body({ insert: 'notes' }), sequence('documents', { a: 1 }, { a: 2 })));
    expect(request.id).toBe(7);
    expect(BSON.deserialize(request.body)).toEqual({ insert: 'notes' });
    expect(request.sequences.get('documents')?.map((item) => BSON.deserialize(item))).toEqual([
      { a: 1 },
      { a: 2 },
    ]);
  });

  test('reads a command whose arrays come before it', () => {
    const request = readRequest(msg(0, sequence('documents', { a: 1 }), body({ insert: 'notes' })));
    expect(BSON.deserialize(request.body)).toEqual({ insert: 'notes' });
    expect(request.sequences.get('documents')).toHaveLength(1);
  });

  test('ignores the checksum at the end', () => {
    const request = readRequest(msg(1, body({ ping: 1 }), Buffer.from('abcd')));
    expect(BSON.deserialize(request.body)).toEqual({ ping: 1 });
  });

  test('expects no answer for a client with more to come', () => {
    expect(readRequest(msg(2, body({ ping: 1 }))).answered).toBe(false);
    expect(readRequest(msg(0, body({ ping: 1 }))).answered).toBe(true);
  });

  test('answers a client that would accept several replies like any other', () => {
    expect(readRequest(msg(1 << 16, body({ hello: 1 }))).answered).toBe(true);
  });

  test('reads the legacy query that opens a connection', () => {
    const query = message(
      2004,
      int32(0),
      Buffer.from('admin.$cmd\0'),
      int32(0),
      int32(-1),
      bson({ ismaster: 1 }),
    );
    const request = readRequest(query);
    expect(request.legacy).toBe(true);
    expect(BSON.deserialize(request.body)).toEqual({ ismaster: 1 });
  });

  test.each([
    ['has an unknown flag that must be known', msg(4, body({ ping: 1 }))],
    ['is compressed', message(2012, Buffer.alloc(20))],
    ['has no command', msg(0, sequence('documents', { a: 1 }))],
    ['has two commands', msg(0, body({ ping: 1 }), body({ ping: 1 }))],
    ['has a section of an unknown kind', msg(0, Buffer.from([9]), bson({}))],
    ['has a document longer than itself', msg(0, Buffer.from([0]), int32(5000), Buffer.alloc(10))],
    ['has a document of a negative length', msg(0, Buffer.from([0]), int32(-5), Buffer.alloc(10))],
    ['ends in the middle of a length', msg(0, Buffer.from([0, 1]))],
    ['ends in its header', message(2013)],
    ['has an array without a name', msg(0, body({ a: 1 }), Buffer.from([1, 6, 0, 0, 0, 97, 97]))],
  ])('refuses a message that %s', (_, bytes) => {
    expect(() => readRequest(bytes)).toThrow(WireError);
  });
});

describe('writeReply', () => {
  test('answers with the id of the request', () => {
    const reply = writeReply(readRequest(msg(0, body({ ping: 1 }))), bson({ ok: 1 }));
    expect(reply.readInt32LE(0)).toBe(reply.length);
    expect(reply.readInt32LE(8)).toBe(7);
    expect(BSON.deserialize(readRequest(reply).body)).toEqual({ ok: 1 });
  });

  test('answers a legacy query in the legacy form with one document', () => {
    const query = message(
      2004,
      int32(0),
      Buffer.from('admin.$cmd\0'),
      int32(0),
      int32(-1),
      bson({ ismaster: 1 }),
    );
    const reply = writeReply(readRequest(query), bson({ ok: 1 }));
    expect(reply.readInt32LE(12)).toBe(1);
    expect(reply.readInt32LE(32)).toBe(1);
    expect(BSON.deserialize(reply.subarray(36))).toEqual({ ok: 1 });
  });
});
