import { expect, test } from '@jest/globals';
import { errorFor, unpackSqlState } from './errors.ts';

test('unpacks the SQLSTATE of a duplicate key from the number in writeErrors', () => {
  expect(unpackSqlState(319029277)).toBe('M001C');
});

test('gives duplicate keys the code that clients look for, whichever part of the storage found them', () => {
  for (const state of ['M001C', '23505', '23P01'])
    expect(errorFor(state)).toEqual({ code: 11000, codeName: 'DuplicateKey' });
});

test('calls an error nobody knows UnknownError', () => {
  expect(errorFor('XX000')).toEqual({ code: 8, codeName: 'UnknownError' });
});
