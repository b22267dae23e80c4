import { describe, expect, test } from '@jest/globals';
import { z } from 'zod';
import { responseFilter } from './response-filter.ts';

const Item = z.object({ id: z.string(), size: z.int().optional(), tags: z.array(z.string()) });

describe('the filter of a response', () => {
  test.each<[string, z.ZodType, unknown, unknown]>([
    ['an object', Item, { id: 'a', tags: [], tsv: 'x' }, { id: 'a', tags: [] }],
    [
      'a nested object',
      z.object({ item: Item }),
      { item: { id: 'a', tags: [], x: 1 } },
      { item: { id: 'a', tags: [] } },
    ],
    ['the items of an array', z.array(Item), [{ id: 'a', tags: ['b'], x: 1 }], [{ id: 'a', tags: ['b'] }]],
    ['a nullable object', Item.nullable(), { id: 'a', tags: [], x: 1 }, { id: 'a', tags: [] }],
    [
      'an optional object',
      z.object({ item: Item.optional() }),
      { item: { id: 'a', tags: [], x: 1 } },
      { item: { id: 'a', tags: [] } },
    ],
    [
      'an object with refinements',
      Item.refine(() => true),
      { id: 'a', tags: [], x: 1 },
      { id: 'a', tags: [] },
    ],
    [
      'an object with metadata',
      Item.meta({ id: 'Filtered' }),
      { id: 'a', tags: [], x: 1 },
      { id: 'a', tags: [] },
    ],
    [
      'the chosen part of a union',
      z.union([z.object({ a: z.string() }), z.object({ b: z.string() })]),
      { b: 'c', x: 1 },
      { b: 'c' },
    ],
    [
      'the values of a record',
      z.record(z.string(), z.object({ a: z.int() })),
      { k: { a: 1, x: 2 } },
      { k: { a: 1 } },
    ],
    [
      'an object behind a transform',
      z.object({ a: z.string() }).transform(({ a }) => ({ a })),
      { a: 'b', x: 1 },
      { a: 'b' },
    ],
    [
      'an object that is evaluated late',
      z.lazy(() => Item),
      { id: 'a', tags: [], x: 1 },
      { id: 'a', tags: [] },
    ],
    ['an object with a default', z.object({ a: z.int().default(3) }), { x: 1 }, { a: 3 }],
  ])('drops undeclared members of %s', (_what, schema, value, expected) => {
    expect(responseFilter(schema)(value)).toEqual(expected);
  });

  test.each<[string, z.ZodType, unknown, unknown]>([
    ['null', Item.nullable(), null, null],
    ['the members that are declared but not validated', Item, { id: 7, tags: [] }, { id: 7, tags: [] }],
    ['the members that a loose object allows', z.looseObject({ a: z.int() }), { a: 1, b: 2 }, { a: 1, b: 2 }],
    [
      'a text as its schema normalizes it',
      z.object({ a: z.string().trim().toLowerCase() }),
      { a: ' B' },
      { a: 'b' },
    ],
    ['a value that its schema coerces', z.object({ a: z.coerce.string() }), { a: 1 }, { a: '1' }],
  ])('keeps %s', (_what, schema, value, expected) => {
    expect(responseFilter(schema)(value)).toEqual(expected);
  });

  test('drops the members of the prototype of an object', () => {
    const row = Object.assign(Object.create({ secret: 1 }) as object, { id: 'a', tags: [] });
    expect(JSON.stringify(responseFilter(Item)(row))).toBe('{"id":"a","tags":[]}');
  });

  test('refuses members that a strict object does not declare', () => {
    expect(() => responseFilter(z.strictObject({ a: z.int() }))({ a: 1, b: 2 })).toThrow(z.ZodError);
  });
});
