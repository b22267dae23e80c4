import assert from 'node:assert/strict';
import { rareWord, type PoolNote } from './pool.ts';

/** The bound of a count in a search. */
const maxTotal = 10_000;

interface ListedNote extends PoolNote {
  id: string;
  highlight?: { title: string; content: string };
}

interface Page {
  items: ListedNote[];
  page: { nextCursor: string | null; total?: number; mode?: string; totalIsLowerBound?: boolean };
}

export interface Case {
  name: string;
  /** The query string. */
  query: string;
  /** Which notes it finds. Undefined for a misspelt word, which finds similar ones. */
  finds?: (note: PoolNote) => boolean;
  /** The number of notes before its page. */
  row?: number;
  isSearch: boolean;
  /** The query of a search in PostgreSQL's notation. */
  tsquery?: string;
  /** The goals: how many times as long as the first page it may take, for a large and for a small owner. */
  goals?: [large: number, small: number];
}

const wordsOf = ({ title, content, tags }: PoolNote) =>
  [title, content, ...tags].join(' ').toLowerCase().split(' ');
const has = (word: string) => (note: PoolNote) => wordsOf(note).includes(word);
const hasPrefix = (prefix: string) => (note: PoolNote) =>
  wordsOf(note).some((word) => word.startsWith(prefix));

const search = (name: string, text: string, more: Partial<Case> = {}): Case => ({
  name,
  query: `search=${encodeURIComponent(text)}`,
  isSearch: true,
  goals: [10, 3],
  ...more,
});
const prefix = (name: string, text: string, more: Partial<Case> = {}) =>
  search(name, text, { finds: hasPrefix(text), tsquery: `${text}:*`, ...more });
const list = (name: string, query: string, more: Partial<Case> = {}): Case => ({
  name,
  query,
  finds: () => true,
  isSearch: false,
  ...more,
});

export const firstPage = 'first page';

export const cases: Case[] = [
  list(firstPage, ''),
  list('list of a tag', 'tags=home', { finds: ({ tags }) => tags.includes('home') }),
  list('page= at row 9,000', 'page=451', { row: 9_000 }),
  list('cursor at row 40,000', '', { row: 40_000, goals: [1.2, 1.2] }),
  prefix('rare word', rareWord, { goals: [4, 3] }),
  search('exact rare word', `"${rareWord}"`, { finds: has(rareWord), tsquery: rareWord, goals: [4, 3] }),
  prefix('word in 2 %', 'quarterly'),
  prefix('word in 20 %', 'meeting'),
  search('two common words', 'report meeting', {
    finds: (note) => has('report')(note) && hasPrefix('meeting')(note),
    tsquery: 'report & meeting:*',
  }),
  prefix('prefix of 3 letters', 'mee'),
  prefix('prefix of 2 letters', 'me'),
  prefix('prefix of 1 letter', 'm'),
  search('word in 20 %, total', 'meeting', {
    query: 'search=meeting&total=true',
    finds: hasPrefix('meeting'),
  }),
  search('misspelt word', 'zanzibra'),
];

/** The number of notes that the first `count` notes of an owner contain for the case. */
export function expectedTotal({ finds }: Case, pool: PoolNote[], count: number): number | undefined {
  if (finds === undefined) return undefined;
  const ofPool = (notes: PoolNote[]) => notes.filter((note) => !note.archived && finds(note)).length;
  return Math.floor(count / pool.length) * ofPool(pool) + ofPool(pool.slice(0, count % pool.length));
}

/** Throws unless the answer is a page of notes that the query finds, with the total that is expected. */
export function checkPage(of: Case, body: unknown, expected: number | undefined): void {
  const { items, page } = body as Page;
  const { finds, name, row = 0, isSearch } = of;
  if (finds === undefined || expected === undefined) {
    assert.ok(items.length === 0 || page.mode === 'close', `${name}: similar words are not marked as such`);
    return;
  }
  assert.equal(items.length, Math.min(20, expected - row), `${name}: wrong number of notes`);
  for (const item of items) {
    assert.ok(!item.archived && finds(item), `${name}: found a note that does not match`);
    if (isSearch)
      assert.match(`${item.highlight?.title}${item.highlight?.content}`, /<mark>/, `${name}: no highlight`);
  }
  if (page.total === undefined) return;
  const isBounded = page.totalIsLowerBound === true;
  assert.equal(page.total, isBounded ? maxTotal : expected, `${name}: wrong total`);
  if (isBounded) assert.ok(expected >= maxTotal, `${name}: the total is no lower bound`);
}
