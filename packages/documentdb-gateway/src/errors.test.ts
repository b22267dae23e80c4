import { expect, test } from '@jest/globals';
import { errorFor, unpackSqlState } from './errors.ts';

test('unpacks the SQLSTATE of a duplicate key from the number in writeErrors', () => {
  expect(unpackSqlState(319029277)).toBe('M001C');
});

test('maps both kinds of duplicate key to the code that clients expect', () => {
  for (const state of ['M001C', '23505', '23P01'])
    expect(errorFor(state)).toEqual({ code: 11000, codeName: 'DuplicateKey' });
});

test('maps an unknown error to UnknownError', () => {
  expect(errorFor('XX000')).toEqual({ code: 8, codeName: 'UnknownError' });
});
