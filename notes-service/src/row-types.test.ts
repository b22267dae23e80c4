import { describe, expect, test } from '@jest/globals';
import pg from 'pg';
import { isoTime, textsOf } from './row-types.ts';

describe('the types of rows', () => {
  test.each([
    ['2026-11-26 17:59:54.123+00', '2026-11-26T17:59:54.123Z'],
    ['2026-11-26 17:59:54.12+00', '2026-11-26T17:59:54.120Z'],
    ['2026-11-26 17:59:54.1+00', '2026-11-26T17:59:54.100Z'],
    ['2026-11-26 17:59:54+00', '2026-11-26T17:59:54.000Z'],
    ['2026-11-26 17:59:54.1+05:30', '2026-11-26T12:29:54.100Z'],
    ['0001-01-01 00:00:00+00', '0001-01-01T00:00:00.000Z'],
    ['9999-12-31 23:59:59.999+00', '9999-12-31T23:59:59.999Z'],
  ])('reads the time %s', (text, expected) => {
    expect(isoTime(text)).toBe(expected);
  });

  test.each([
    '{}',
    '{work}',
    '{work,home}',
    '{"a b","c\\"d","e\\\\f"}',
    '{"null",NULL}',
    '{"NULL"}',
    '{"",ü}',
    '{"{a}"}',
  ])('reads the texts %s as pg does', (text) => {
    expect(textsOf(text)).toEqual(pg.types.getTypeParser(1009 as 16)(text));
  });
});
