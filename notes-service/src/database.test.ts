import { expect, test } from '@jest/globals';
import { DriverAdapterError } from '@prisma/driver-adapter-utils';
import { isUnavailable } from './database.ts';

const postgres = (code: string, message = 'from the server') =>
  new DriverAdapterError({
    kind: 'postgres',
    code,
    severity: 'FATAL',
    message,
    detail: undefined,
    column: undefined,
    hint: undefined,
  });
const prisma = (message: string) => Object.assign(new Error(message), { code: 'P2010' });

// Errors as seen after a server was killed.
test.each([
  ['57P01 from the adapter', postgres('57P01'), true],
  ['a statement time-out', postgres('57014', 'canceling statement due to statement timeout'), true],
  ['57P01 in a message of Prisma', prisma('Raw query failed. Code: `57P01`. Message: `terminating`'), true],
  ['57P03 in a message of Prisma', prisma('Database error. Code: `57P03`. Message: `starting up`'), true],
  ['a closed connection from the adapter', new DriverAdapterError({ kind: 'ConnectionClosed' }), true],
  [
    'a closed connection in a message of Prisma',
    prisma('Code: `N/A`. Message: `Server has closed the connection.`'),
    true,
  ],
  ['57P01 from pg', Object.assign(new Error('terminating connection'), { code: '57P01' }), true],
  ['a closed connection from pg', new Error('Connection terminated unexpectedly'), true],
  ['a unique key violation from pg', Object.assign(new Error('duplicate key'), { code: '23505' }), false],
  ['a unique key violation from the adapter', postgres('23505'), false],
  ['a division by zero in a message of Prisma', prisma('Raw query failed. Code: `22012`.'), false],
  ['a programming error', new TypeError('x is not a function'), false],
  ['a value that is not an error', 'unavailable', false],
])('%s means that the database is unavailable: %s', (_what, error, expected) => {
  expect(isUnavailable(error)).toBe(expected);
});
