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

// In the forms in which a server that was killed has been seen.
test.each([
  ['57P01 of the adapter', postgres('57P01'), true],
  ['a statement that took too long', postgres('57014', 'canceling statement due to statement timeout'), true],
  ['57P01 in the words of Prisma', prisma('Raw query failed. Code: `57P01`. Message: `terminating`'), true],
  ['57P03 in the words of Prisma', prisma('Database error. Code: `57P03`. Message: `starting up`'), true],
  ['a closed connection of the adapter', new DriverAdapterError({ kind: 'ConnectionClosed' }), true],
  [
    'a closed connection in the words of Prisma',
    prisma('Code: `N/A`. Message: `Server has closed the connection.`'),
    true,
  ],
  ['a unique key of the adapter', postgres('23505'), false],
  ['a division by zero in the words of Prisma', prisma('Raw query failed. Code: `22012`.'), false],
  ['a fault in the program', new TypeError('x is not a function'), false],
  ['what is no error', 'away', false],
])('%s: %s', (_what, error, expected) => {
  expect(isUnavailable(error)).toBe(expected);
});
