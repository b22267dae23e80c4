import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { scaled } from '@polyglot-notes/service-kit/testing';
import pg from 'pg';
import { connect } from '../../src/database.ts';
import type { Prisma, PrismaClient } from '../../generated/prisma/client.ts';
import { countSql, pageSql, type Filter } from '../../src/listing/listing.sql.ts';
import { parseSearch } from '../../src/listing/search.ts';
import { sorts, type Position, type Sort } from '../../src/listing/sorts.ts';
import { createDatabase } from '../database.ts';

const total = 200_000;
const owners = 200;
const [heavy, light] = [randomUUID(), randomUUID()];

// One user has 10,000 notes, the others 1,000 each. Every tenth note is archived, every fiftieth has the rare word, and
// every hundredth has a given tag.
const insertNotes = `
  insert into notes (id, user_id, title, content, tags, pinned, archived, version, created_at, updated_at)
  select gen_random_uuid(),
         case when n % 20 = 0 then '${heavy}'::uuid
              when n % ${owners} = 1 then '${light}'::uuid
              else md5((n % ${owners})::text)::uuid end,
         'note ' || md5(n::text),
         'common words and ' || md5((n % 1000)::text) || case when n % 1000 < 20 then ' rare' else '' end,
         array['t' || n / 20 % 100, 'all'],
         n % 20 = 0, n % 10 = 0, 1,
         timestamptz '2026-01-01' + n * interval '1 minute',
         timestamptz '2026-01-01' + (n * 7919 % ${total}) * interval '1 minute'
  from generate_series(1, ${total}) as n`;

/** Fills the table and rebuilds its secondary indexes, which is faster than keeping them up to date row by row. */
async function seed(connectionString: string): Promise<void> {
  // This connection is without the service's time limits.
  const client = new pg.Client({ connectionString });
  await client.connect();
  const { rows } = await client.query<{ name: string; definition: string }>(`
    select indexname as name, indexdef as definition from pg_indexes
    where tablename = 'notes' and indexname <> 'notes_pkey'`);
  for (const sql of [
    // Vacuum marks only rows that are on disk as visible to all, which index-only scans need.
    'set synchronous_commit = on',
    ...rows.map(({ name }) => `drop index ${name}`),
    insertNotes,
    ...rows.map(({ definition }) => definition),
    'vacuum analyze notes',
  ])
    await client.query(sql);
  await client.end();
}

let db: PrismaClient;
beforeAll(async () => {
  const connectionString = await createDatabase();
  await seed(connectionString);
  db = await connect(connectionString);
}, scaled(240_000));
afterAll(() => db.$disconnect());

interface PlanNode {
  'Node Type': string;
  'Relation Name'?: string;
  'Index Name'?: string;
  Plans?: PlanNode[];
}

/** All nodes of PostgreSQL's plan for a query. */
async function planOf(sql: Prisma.Sql): Promise<PlanNode[]> {
  const [row] = await db.$queryRaw<{ 'QUERY PLAN': { Plan: PlanNode }[] }[]>`explain (format json) ${sql}`;
  const nodes = (node: PlanNode): PlanNode[] => [node, ...(node.Plans ?? []).flatMap(nodes)];
  return row!['QUERY PLAN'].flatMap(({ Plan }) => nodes(Plan));
}

/** The indexes in the plan of a query. Throws if the plan reads the whole table. */
async function indexesOf(sql: Prisma.Sql): Promise<string[]> {
  const plan = await planOf(sql);
  const scan = plan.find((node) => node['Node Type'] === 'Seq Scan' && node['Relation Name'] === 'notes');
  if (scan) throw new Error(`reads the whole table:\n${sql.sql}`);
  return plan.flatMap((node) => node['Index Name'] ?? []);
}

const everything: Filter = {
  search: undefined,
  tags: [],
  tagMode: 'all',
  pinned: undefined,
  archived: false,
  from: undefined,
  to: undefined,
};
const filters: Record<string, Partial<Filter>> = {
  'all notes without the archived ones': {},
  'all notes with the archived ones': { archived: undefined },
  'the pinned notes': { pinned: true },
  'a range of days': { from: new Date('2026-02-01'), to: new Date('2026-02-03') },
  'a tag': { tags: ['t10'] },
  'any of two tags': { tags: ['t10', 't20'], tagMode: 'any' },
  'a rare word': { search: parseSearch('rare') },
  'a prefix': { search: parseSearch('rar') },
  'a common word': { search: parseSearch('common words') },
  'a phrase and a tag': { search: parseSearch('"words and"'), tags: ['t50'] },
  'notes without a word': { search: parseSearch('-common') },
};

const firstWindow = { after: undefined, offset: 0, limit: 21 };
const lastValues: Record<Sort, Position[0]> = {
  '-updatedAt': Date.parse('2026-03-01'),
  updatedAt: Date.parse('2026-03-01'),
  '-createdAt': Date.parse('2026-03-01'),
  createdAt: Date.parse('2026-03-01'),
  title: 'note 8',
  '-title': 'note 8',
  relevance: 0.01,
};

describe.each([
  ['a user with 10,000 notes', heavy],
  ['a user with 1,000 notes', light],
])('for %s', (_who, userId) => {
  describe.each(Object.entries(filters))('the list of %s', (_what, some) => {
    const filter = { ...everything, ...some };

    test.each(sorts.filter((sort) => sort !== 'relevance' || filter.search))(
      'uses an index when sorted by %s, on the first page, the next page and a later page',
      async (sort) => {
        const next = { ...firstWindow, after: [lastValues[sort], randomUUID()] as const };
        for (const window of [firstWindow, next, { ...firstWindow, offset: 2_000 }])
          expect(await indexesOf(pageSql(userId, filter, sort, window))).not.toEqual([]);
      },
    );

    test('is counted with an index', async () => {
      expect(await indexesOf(countSql(userId, filter))).not.toEqual([]);
    });
  });

  test.each([
    ['-updatedAt', 'notes_user_id_updated_at_id_archived_pinned_idx'],
    ['updatedAt', 'notes_user_id_updated_at_id_archived_pinned_idx'],
    ['-createdAt', 'notes_user_id_created_at_id_idx'],
    ['createdAt', 'notes_user_id_created_at_id_idx'],
    ['title', 'notes_user_id_title_id_idx'],
    ['-title', 'notes_user_id_title_id_idx'],
  ] as const)('a page sorted by %s reads %s in order, without a sort', async (sort, index) => {
    const after = [lastValues[sort], randomUUID()] as const;
    const plan = await planOf(pageSql(userId, everything, sort, { ...firstWindow, after }));
    expect(plan.flatMap((node) => node['Index Name'] ?? [])).toEqual([index]);
    expect(plan.filter((node) => node['Node Type'].includes('Sort'))).toEqual([]);
  });
});

test.each(['a rare word', 'a prefix', 'a tag', 'any of two tags', 'a phrase and a tag'])(
  '%s is found with the GIN index for every sort',
  async (what) => {
    const filter = { ...everything, ...filters[what] };
    const pages = sorts
      .filter((sort) => sort !== 'relevance' || filter.search)
      .map((sort) => pageSql(heavy, filter, sort, firstWindow));
    for (const sql of [...pages, countSql(heavy, filter)])
      expect(await indexesOf(sql)).toEqual(['notes_user_id_tags_tsv_idx']);
  },
);

test.each(['all notes without the archived ones', 'the pinned notes'])(
  '%s are counted from the index alone',
  async (what) => {
    const plan = await planOf(countSql(heavy, { ...everything, ...filters[what] }));
    expect(plan.map((node) => node['Node Type'])).toContain('Index Only Scan');
  },
);
