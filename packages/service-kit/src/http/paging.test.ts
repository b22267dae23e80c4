import { describe, expect, test } from '@jest/globals';
import { z } from 'zod';
import { listQuery, readPage } from './paging.ts';

const Query = listQuery({ colour: z.string().optional() });
const numbers = Array.from({ length: 25 }, (_, i) => i + 1);

const list = (query: Record<string, string>) => {
  const { colour, ...paging } = Query.parse(query);
  return readPage(paging, {
    filter: { colour },
    position: z.int(),
    positionOf: (row: number) => row,
    read: async ({ after = 0, offset, limit }) =>
      numbers.filter((n) => n > after).slice(offset, offset + limit),
    count: async () => numbers.length,
  });
};

/** A list whose pages have at most two rows, whatever the limit. */
const boundedList = (query: Record<string, string>) =>
  readPage(Query.parse(query), {
    filter: {},
    position: z.int(),
    positionOf: ({ n }: { n: number }) => n,
    read: async ({ after = 0, offset, limit }) => {
      const window = numbers.filter((n) => n > after).slice(offset, offset + limit);
      return window.slice(0, 2).map((n) => ({ n, found: window.length }));
    },
    foundOf: ({ found }) => found,
    count: async () => numbers.length,
  });

describe('a list whose pages are limited in bytes', () => {
  test('ends a page early, and cursors miss nothing', async () => {
    const seen: number[] = [];
    for (let cursor: string | null = ''; cursor !== null;) {
      const { rows, page } = await boundedList({ limit: '10', total: 'true', ...(cursor && { cursor }) });
      expect(page.total).toBe(25);
      seen.push(...rows.map(({ n }) => n));
      cursor = page.nextCursor;
    }
    expect(seen).toEqual(numbers);
  });

  test('refuses a page by number that would be incomplete', async () => {
    await expect(boundedList({ limit: '10', page: '1' })).rejects.toMatchObject({
      type: { status: 400, code: 'validation_failed' },
      errors: [{ path: 'query.page', code: 'page_too_large' }],
    });
    expect((await boundedList({ limit: '2', page: '1' })).rows).toHaveLength(2);
    expect((await boundedList({ limit: '10', page: '4' })).rows).toEqual([]);
  });

  test('answers a page by number whose last rows are the last of the list', async () => {
    expect((await boundedList({ limit: '24', page: '2' })).rows).toHaveLength(1);
  });
});

describe('a list', () => {
  test.each(['\0', ' ', '=', '%', '.'])(
    'refuses a cursor with %j, which a decoder would skip',
    async (more) => {
      const { page } = await list({ limit: '10' });
      const cursor = String(page.nextCursor);
      expect((await list({ limit: '10', cursor })).rows).toHaveLength(10);
      for (const changed of [more + cursor, cursor + more, cursor.replace(/^../, `$&${more}`)])
        await expect(list({ limit: '10', cursor: changed })).rejects.toMatchObject({
          type: { code: 'invalid_cursor' },
        });
    },
  );

  test('continues after the cursor, to the last page', async () => {
    const first = await list({ limit: '10' });
    const second = await list({ limit: '10', cursor: first.page.nextCursor ?? '' });
    const third = await list({ limit: '10', cursor: second.page.nextCursor ?? '' });
    expect([first.rows, second.rows, third.rows].flat()).toEqual(numbers);
    expect(third.page).toEqual({ limit: 10, nextCursor: null });
  });

  test('reads pages by number, with the total and without a cursor', async () => {
    expect(await list({ limit: '10', page: '3' })).toEqual({
      rows: [21, 22, 23, 24, 25],
      page: { limit: 10, nextCursor: null, total: 25 },
    });
    expect((await list({ limit: '10', page: '4' })).rows).toEqual([]);
    expect((await list({ limit: '10', page: '1' })).page.nextCursor).toBeNull();
  });

  test('adds a total to a cursor list on request', async () => {
    expect((await list({ total: 'true' })).page).toMatchObject({ total: 25, nextCursor: expect.any(String) });
  });

  test.each(['nonsense', '', 'bnVsbA', 'x'.repeat(5_000), Buffer.from('["x",3]').toString('base64url')])(
    'refuses the cursor "%s"',
    async (cursor) => {
      await expect(list({ cursor })).rejects.toMatchObject({ type: { code: 'invalid_cursor' } });
    },
  );

  test('refuses a cursor of another filter', async () => {
    const cursor = (await list({ colour: 'red' })).page.nextCursor ?? '';
    expect((await list({ colour: 'red', cursor })).rows[0]).toBe(21);
    await expect(list({ colour: 'blue', cursor })).rejects.toMatchObject({
      type: { code: 'invalid_cursor' },
    });
  });

  test.each([
    [{ page: '0' }, 'page'],
    [{ page: '-1' }, 'page'],
    [{ page: '1.5' }, 'page'],
    [{ page: '101', limit: '100' }, 'page'],
    [{ page: '1', cursor: 'x' }, 'page'],
    [{ limit: '101' }, 'limit'],
    [{ total: 'yes' }, 'total'],
  ])('refuses %j', (query, field) => {
    expect(Query.safeParse(query).error?.issues).toMatchObject([{ path: [field] }]);
  });

  test('allows page × limit up to 10,000', () => {
    expect(Query.safeParse({ page: '100', limit: '100' }).success).toBe(true);
  });
});
