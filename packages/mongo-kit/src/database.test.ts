import { expect, test } from '@jest/globals';
import { mongo } from 'mongoose';
import { isUnavailable } from './database.ts';

const answer = (code: number) => new mongo.MongoServerError({ message: 'from the server', code });

test.each([
  ['a server that shuts down', answer(91), true],
  ['a server that is not the primary any more', answer(10_107), true],
  ['a connection that breaks', new mongo.MongoNetworkError('connection closed'), true],
  ['a duplicate key', answer(11_000), false],
  ['a fault in the program', new TypeError('x is not a function'), false],
])('%s: %s', (_what, error, expected) => {
  expect(isUnavailable(error)).toBe(expected);
});
