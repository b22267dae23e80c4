import { randomUUID } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { StartError } from '@polyglot-notes/service-kit';
import type { Connection } from 'mongoose';
import {
  beginRestore,
  connect,
  endRestore,
  migrate,
  requireMigrations,
  type Migration,
} from '../src/index.ts';

let connection: Connection;
beforeEach(async () => {
  const name = `${process.env['TEST_MONGODB_PREFIX']}${randomUUID().slice(0, 8)}`;
  connection = await connect(process.env['TEST_MONGODB_URL'] ?? '', name);
});
afterEach(() => connection.close());

/** A migration that adds its name to the collection `steps`. */
const step = (name: string): Migration => ({
  name,
  up: async (db) => {
    await db.collection<{ _id: string }>('steps').insertOne({ _id: name });
  },
});

const steps = async () => {
  const found = await connection.collection('steps').find().toArray();
  return found.map(({ _id }) => String(_id));
};

describe('migrate', () => {
  test('applies each migration once, in order', async () => {
    expect(await migrate(connection, [step('0001'), step('0002')])).toEqual(['0001', '0002']);
    expect(await migrate(connection, [step('0001'), step('0002'), step('0003')])).toEqual(['0003']);
    expect(await steps()).toEqual(['0001', '0002', '0003']);
  });

  test('continues after a migration that failed', async () => {
    const failing = { name: '0002', up: () => Promise.reject(new Error('no disk')) };
    await expect(migrate(connection, [step('0001'), failing, step('0003')])).rejects.toThrow('no disk');
    expect(await steps()).toEqual(['0001']);
    expect(await migrate(connection, [step('0001'), step('0002'), step('0003')])).toEqual(['0002', '0003']);
  });

  test('succeeds in several processes at once', async () => {
    const index: Migration = {
      name: '0001',
      up: async (db) => {
        await db.collection('steps').createIndex({ name: 1 }, { unique: true });
      },
    };
    await Promise.all(Array.from({ length: 4 }, () => migrate(connection, [index])));
    expect(await migrate(connection, [index])).toEqual([]);
  });
});

describe('requireMigrations', () => {
  test('refuses a database that lacks migrations, and names them', async () => {
    await migrate(connection, [step('0001')]);
    const required = requireMigrations(connection, [step('0001'), step('0002'), step('0003')]);
    await expect(required).rejects.toThrow(StartError);
    await expect(required).rejects.toThrow(/lacks the migrations 0002, 0003/);
  });

  test('accepts a database that has more migrations', async () => {
    await migrate(connection, [step('0001'), step('0002')]);
    await expect(requireMigrations(connection, [step('0001')])).resolves.toBeUndefined();
  });

  test('refuses a database until it is restored completely', async () => {
    await migrate(connection, [step('0001')]);
    await beginRestore(connection);
    await expect(requireMigrations(connection, [step('0001')])).rejects.toThrow(/has not ended/);
    await endRestore(connection);
    await expect(requireMigrations(connection, [step('0001')])).resolves.toBeUndefined();
  });
});
