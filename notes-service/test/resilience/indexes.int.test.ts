import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { scaled } from '@polyglot-notes/service-kit/testing';
import pg from 'pg';
import { connect } from '../../src/database.ts';
import { Prisma, type PrismaClient } from '../../generated/prisma/client.ts';
import { createChangesRepository } from '../../src/changes/changes.repository.ts';
import { pruneTombstones } from '../../src/changes/prune-tombstones.ts';
import { countSql, pageSql, rankedPageSql, type Filter, type Window } from '../../src/listing/listing.sql.ts';
import { createTextFolder } from '../../src/search/folded-text.ts';
import { parseSearch } from '../../src/search/parse-search.ts';
import { rankingTsqueryOf, toQuery, tsqueryOf } from '../../src/search/query.ts';
import { sorts, type Position, type Sort } from '../../src/listing/sorts.ts';
import type { OwnerWrite } from '../../src/owners/owner-writes.ts';
import { createTagsRepository, replaceTag } from '../../src/tags/tags.repository.ts';
import { createTrashPurge } from '../../src/trash/trash-purge.ts';
import { createTrashRepository } from '../../src/trash/trash.repository.ts';
import { createVersionsRepository, findVersion } from '../../src/versions/versions.repository.ts';
import { createDatabase } from '../database.ts';

const total = 60_000;

// All owners are in one partition. One user has 10,000 notes, 50 others 1,000 each. Every tenth note is archived, every
// fiftieth has the rare word, and every hundredth has a given tag.
const insertNotes = `
  with owners as (
    select array_agg(id) as ids from (
      select id from (select gen_random_uuid() as id from generate_series(1, 5000)) as random
      where satisfies_hash_partition('notes'::regclass, 32, 0, id) limit 51
    ) as ids
  ), words as (
    select n, translate(md5(n::text), '0123456789', 'ghijklmnop') as word from generate_series(1, ${total}) as n
  )
  insert into notes (id, user_id, title, content, tags, pinned, archived, version, created_at, updated_at)
  select gen_random_uuid(),
         ids[case when n % 6 = 0 then 1 else 2 + n / 6 % 50 end],
         'note ' || word,
         'common words and ' || n % 1000 || case when n % 1000 < 20 then ' rare' else '' end,
         array['t' || n / 7 % 100, 'all'],
         n % 20 = 0, n % 10 = 0, 1,
         timestamptz '2026-01-01' + n * interval '1 minute',
         timestamptz '2026-01-01' + (n * 7919 % ${total}) * interval '1 minute'
  from words, owners`;

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
    ...rows.map(({ definition }) => definition.replace(' ON ONLY ', ' ON ')),
    `insert into note_versions (user_id, note_id, version, pinned, archived, created_at, bytes)
     select user_id, id, 1, false, false, created_at, 0 from notes`,
    `insert into destroyed_notes (user_id, id, version, rev, destroyed_at)
     select user_id, gen_random_uuid(), 1, row_number() over (), created_at from notes`,
    'insert into owners (id, rev, trashed) select user_id, 1, 1 from notes group by user_id',
    'vacuum analyze notes, note_versions, destroyed_notes, owners',
  ])
    await client.query(sql);
  await client.end();
}

let db: PrismaClient;
const owners = { heavy: '', light: '' };
beforeAll(async () => {
  const connectionString = await createDatabase();
  await seed(connectionString);
  db = await connect(connectionString);
  const [heavy, light] = await db.$queryRaw<{ id: string }[]>`
    select user_id as id from notes group by user_id order by count(*) desc limit 2`;
  Object.assign(owners, { heavy: heavy?.id, light: light?.id });
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

// The other partitions of the notes are empty.
const largeTables = new Set(['notes_0', 'note_versions', 'destroyed_notes']);

/** The indexes in the plan of a query. Throws if the plan reads the whole of a large table. */
async function indexesOf(sql: Prisma.Sql): Promise<string[]> {
  const plan = await planOf(sql);
  const scan = plan.find(
    (node) => node['Node Type'] === 'Seq Scan' && largeTables.has(node['Relation Name'] ?? ''),
  );
  if (scan) throw new Error(`reads the whole of ${scan['Relation Name']}:\n${sql.sql}`);
  return indexNames(plan);
}

/** The names of the indexes in a plan, without the numbers of partitions. */
const indexNames = (plan: PlanNode[]) =>
  plan.flatMap((node) => node['Index Name']?.replace(/^notes_\d+_/, 'notes_') ?? []);

const everything: Filter = {
  search: undefined,
  tags: [],
  tagMode: 'all',
  pinned: undefined,
  archived: false,
  from: undefined,
  to: undefined,
};

type Search = string | undefined;
const filters: Record<string, Omit<Partial<Filter>, 'search'> & { search?: Search }> = {
  'all notes without the archived ones': {},
  'all notes with the archived ones': { archived: undefined },
  'the pinned notes': { pinned: true },
  'a range of days': { from: new Date('2026-02-01'), to: new Date('2026-02-03') },
  'a tag': { tags: ['t10'] },
  'any of two tags': { tags: ['t10', 't20'], tagMode: 'any' },
  'a rare word': { search: 'rare' },
  'a prefix': { search: 'rar' },
  'a common word': { search: 'common words' },
  'a phrase and a tag': { search: '"words and"', tags: ['t50'] },
  'notes without a word': { search: '-common' },
};

async function fold(text: string): Promise<string> {
  const [row] = await db.$queryRaw<{ folded: string }[]>`select notes_fold(${text}) as folded`;
  return row!.folded;
}

/** A filter with its search as the service writes it. */
async function filterOf(what: string, { readsAll = false } = {}): Promise<Filter> {
  const { search: words, ...rest } = filters[what] ?? {};
  if (words === undefined) return { ...everything, ...rest };
  const query = await toQuery(parseSearch(words)!, createTextFolder(fold));
  const search = { matches: tsqueryOf(query), ranking: rankingTsqueryOf(query), readsAll };
  return { ...everything, ...rest, search };
}

function sqlOf(userId: string, filter: Filter, sort: Sort, window: Window): Prisma.Sql {
  const { search } = filter;
  if (sort !== 'relevance') return pageSql(userId, filter, sort, window);
  if (search === undefined) throw new Error('relevance needs a search');
  return rankedPageSql(userId, { ...filter, search }, { ...window, atMost: 1_000, since: undefined });
}

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

const sortsFor = (what: string) => sorts.filter((sort) => sort !== 'relevance' || filters[what]?.search);

describe.each([
  ['a user with 10,000 notes', 'heavy', { readsAll: false }],
  ['a user with 1,000 notes', 'light', { readsAll: true }],
] as const)('for %s', (_who, owner, options) => {
  describe.each(Object.keys(filters))('the list of %s', (what) => {
    test.each(sortsFor(what))(
      'uses an index when sorted by %s, on the first page, the next page and a later page',
      async (sort) => {
        const filter = await filterOf(what, options);
        const next = { ...firstWindow, after: [lastValues[sort], randomUUID()] as const };
        for (const window of [firstWindow, next, { ...firstWindow, offset: 2_000 }])
          expect(await indexesOf(sqlOf(owners[owner], filter, sort, window))).not.toEqual([]);
      },
    );

    test('is counted with an index', async () => {
      expect(await indexesOf(countSql(owners[owner], await filterOf(what, options)))).not.toEqual([]);
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
    const plan = await planOf(pageSql(owners[owner], everything, sort, { ...firstWindow, after }));
    expect(indexNames(plan)).toEqual([index]);
    expect(plan.filter((node) => node['Node Type'].includes('Sort'))).toEqual([]);
  });
});

test.each(['a rare word', 'a prefix', 'a tag', 'any of two tags', 'a phrase and a tag'])(
  '%s is found with the GIN index for every sort',
  async (what) => {
    const filter = await filterOf(what);
    const pages = sortsFor(what).map((sort) => sqlOf(owners.heavy, filter, sort, firstWindow));
    for (const sql of [...pages, countSql(owners.heavy, filter)]) {
      // The key finds the ranked notes that are on the page.
      const indexes = (await indexesOf(sql)).filter((name) => name !== 'notes_pkey');
      expect(indexes).toEqual(['notes_user_id_tags_tsv_idx']);
    }
  },
);

test('a search of a user with few notes does not read the words of other users', async () => {
  const filter = await filterOf('a common word', { readsAll: true });
  for (const sort of sorts)
    expect(await indexesOf(sqlOf(owners.light, filter, sort, firstWindow))).not.toContain(
      'notes_user_id_tags_tsv_idx',
    );
});

test.each(['all notes without the archived ones', 'the pinned notes'])(
  '%s are counted from the index alone',
  async (what) => {
    const plan = await planOf(countSql(owners.heavy, await filterOf(what)));
    expect(plan.map((node) => node['Node Type'])).toContain('Index Only Scan');
  },
);

/** The statements that `work` sends to the database it is given, which answers them all with `rows`. */
async function statementsOf(rows: object[], work: (db: never) => Promise<unknown>): Promise<Prisma.Sql[]> {
  const sent: Prisma.Sql[] = [];
  const send = async (sql: TemplateStringsArray | Prisma.Sql, ...values: Prisma.Sql['values']) => {
    sent.push('sql' in sql ? sql : Prisma.sql(sql, ...values));
    return rows;
  };
  const fake = { read: send, readPrepared: send, $queryRaw: send, $executeRaw: send };
  const recording = { ...fake, $transaction: (inner: (db: object) => unknown) => inner(fake) };
  await work(recording as never);
  return sent;
}

const now = new Date('2026-03-01T00:00:00Z');
const limits = { notes: 1, bytes: 1, versionsPerNote: 2 };
const writeOf = (transaction: never): OwnerWrite => ({
  db: transaction,
  userId: owners.heavy,
  rev: 1n,
  now,
  limits,
  usage: { add: () => {}, checkBytes: () => {}, isChanged: () => false, current: () => ({ ...noUsage }) },
});
const noUsage = { notes: 0, trashed: 0, bytes: 0, versions: 0, answerBytes: 0 };

const noteId = randomUUID();
const firstChanges = { after: undefined, limit: 21 };
const closing = new AbortController().signal;
const works: [what: string, rows: object[], work: (db: never) => Promise<unknown>][] = [
  [
    'the changes from the beginning',
    [],
    (reader) => createChangesRepository(reader).after(owners.heavy, undefined, 21),
  ],
  [
    'the changes after a revision',
    [],
    (reader) => createChangesRepository(reader).after(owners.heavy, { rev: 50_000, id: noteId, from: 9 }, 21),
  ],
  ['the list of tags', [], (reader) => createTagsRepository(reader).page(owners.heavy, firstChanges)],
  ['the rename of a tag', [{ notes: 1 }], (transaction) => replaceTag(writeOf(transaction), 't10', 'other')],
  [
    'the removal of a tag',
    [{ notes: 1 }],
    (transaction) => replaceTag(writeOf(transaction), 't10', undefined),
  ],
  [
    'the list of versions',
    [],
    (reader) => createVersionsRepository(reader).page(owners.heavy, noteId, { ...firstWindow, after: 3 }),
  ],
  ['the number of versions', [], (reader) => createVersionsRepository(reader).count(owners.heavy, noteId)],
  ['a version', [], (transaction) => findVersion(transaction, owners.heavy, noteId, 1)],
  [
    'the trash',
    [],
    (reader) =>
      createTrashRepository(reader).page(owners.heavy, { ...firstWindow, after: [now.getTime(), noteId] }),
  ],
  ['the owners with a trash', [], (reader) => createTrashRepository(reader).ownersAfter(noteId, now, 100)],
  [
    'the purge of the trash',
    [{ id: owners.heavy, isDue: true, notes: 0, trashed: 0 }],
    (transaction) =>
      createTrashPurge({
        listDb: { read: async () => [{ id: owners.heavy, isDue: true }] } as never,
        writeLong: (_userId, work) => work(writeOf(transaction)),
        clock: () => now,
        trashDays: 30,
        log: { warn: () => {}, error: () => {} },
      })(closing),
  ],
  [
    'the removal of old tombstones',
    [{ id: noteId, count: 0 }],
    (client) => pruneTombstones(client, { now, changesDays: 90, closing }),
  ],
];

test.each(works)('%s reads no whole table', async (_what, rows, work) => {
  const statements = await statementsOf(rows, work);
  expect(statements).not.toEqual([]);
  for (const sql of statements) await indexesOf(sql);
});
