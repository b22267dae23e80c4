import { expect, test } from '@jest/globals';
import { BSON } from 'bson';
import { readCommand } from './command.ts';
import { type Answering, answer } from './commands.ts';
import { openCursors } from './cursors.ts';
import type { Storage } from './storage.ts';

const broken: Storage = () => Promise.reject(new Error('connection lost'));

async function ask(command: BSON.Document) {
  const reported: unknown[] = [];
  const context: Answering = { storage: broken, cursors: openCursors(), alone: (work) => work() };
  const body = Buffer.from(BSON.serialize({ ...command, $db: 'app' }));
  const request = { id: 1, legacy: false, answered: true, body, sequences: new Map<string, Buffer[]>() };
  const reply = await answer(context, readCommand(request), (error) => reported.push(error));
  return { reply: BSON.deserialize(reply), reported };
}

test.each(['frobnicate', 'constructor', '__proto__'])('knows no command %s', async (name) => {
  const { reply } = await ask(Object.fromEntries([[name, 1]]));
  expect(reply).toMatchObject({ ok: 0, code: 59, codeName: 'CommandNotFound' });
});

test('refuses a transaction clearly', async () => {
  const { reply } = await ask({
    insert: 'notes',
    documents: [{}],
    startTransaction: true,
    autocommit: false,
  });
  expect(reply).toMatchObject({ ok: 0, code: 263, errmsg: expect.stringContaining('transactions') });
});

test('refuses a change stream as a standalone MongoDB does', async () => {
  const { reply } = await ask({ aggregate: 'notes', pipeline: [{ $changeStream: {} }], cursor: {} });
  expect(reply).toMatchObject({ ok: 0, code: 40573 });
});

test('refuses an unknown cursor', async () => {
  const { reply } = await ask({ getMore: 5n, collection: 'notes' });
  expect(reply).toMatchObject({ ok: 0, code: 43, codeName: 'CursorNotFound' });
});

test('answers with an error and reports it when the storage is unavailable', async () => {
  const { reply, reported } = await ask({ find: 'notes' });
  expect(reply).toMatchObject({ ok: 0, code: 91, codeName: 'ShutdownInProgress' });
  expect(reported).toEqual([new Error('connection lost')]);
});
