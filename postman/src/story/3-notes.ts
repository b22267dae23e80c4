import type { Folder, Step } from '../collection/story.ts';
import { changes } from './3-changes.ts';
import { history } from './3-history.ts';
import { othersNotes } from './3-others-notes.ts';
import { tags } from './3-tags.ts';
import { transfer } from './3-transfer.ts';

const titles = (...expected: string[]) => ({ 'items.*.title': expected });

const creating: Step[] = [
  {
    name: 'A note is created',
    call: 'POST /api/notes',
    description: 'A note needs a title or content; everything else has a default.',
    body: { title: 'Shopping', content: 'Milk, bread', tags: ['Home'] },
    has: {
      title: 'Shopping',
      content: 'Milk, bread',
      tags: ['home'],
      pinned: false,
      archived: false,
      version: 1,
    },
    save: { noteId: 'id', firstCreatedAt: 'createdAt' },
    check: `
      pm.test('Location names the note', () => {
        pm.expect(pm.response.headers.get('Location')).to.eql(\`/api/notes/\${body.id}\`);
      });
    `,
  },
  {
    name: 'A note without a title is called Untitled',
    call: 'POST /api/notes',
    description: 'This note is pinned from the start. `Idempotency-Key` has a value that the client chooses.',
    headers: { 'Idempotency-Key': 'creme-brulee' },
    body: { content: 'Crème brûlée', tags: ['home', 'kitchen'], pinned: true },
    has: { title: 'Untitled', pinned: true },
    save: { pinnedNoteId: 'id' },
  },
  {
    name: 'A repeat with the same Idempotency-Key creates no other note',
    call: 'POST /api/notes',
    description: 'A client that got no answer repeats its request safely. It gets the first answer.',
    headers: { 'Idempotency-Key': 'creme-brulee' },
    body: { content: 'Crème brûlée', tags: ['home', 'kitchen'], pinned: true },
    has: { id: '{{pinnedNoteId}}', 'header:Idempotency-Replayed': 'true' },
  },
  {
    name: 'Another note with the same Idempotency-Key is refused',
    call: 'POST /api/notes',
    expect: '409 idempotency_key_reused',
    headers: { 'Idempotency-Key': 'creme-brulee' },
    body: { content: 'Something else' },
  },
  {
    name: 'An archived note is created',
    call: 'POST /api/notes',
    description: 'Lists contain archived notes on request only.',
    body: { title: 'Taxes', archived: true },
    has: { archived: true },
  },
];

const listing: Step[] = [
  {
    name: 'The list contains the notes that are not archived, newest first',
    call: 'GET /api/notes',
    description: 'The default order is `-updatedAt`.',
    has: { ...titles('Untitled', 'Shopping'), 'page.nextCursor': null },
  },
  {
    name: 'The list contains archived notes on request, with a total',
    call: 'GET /api/notes?archived=any&total=true',
    description: '`archived=true` lists archived notes only.',
    has: { ...titles('Taxes', 'Untitled', 'Shopping'), 'page.total': 3 },
  },
  {
    name: 'A filter for pinned notes',
    call: 'GET /api/notes?pinned=true',
    description: '`pinned=false` lists the other notes.',
    has: titles('Untitled'),
  },
  {
    name: 'A filter for notes with all of several tags',
    call: 'GET /api/notes?tags=home,kitchen',
    description: 'Commas separate the tags.',
    has: titles('Untitled'),
  },
  {
    name: 'A filter for notes with any of several tags',
    call: 'GET /api/notes?tags=kitchen,home&tagMode=any',
    description: 'With `tagMode=all`, the default, a note must have all of them.',
    has: titles('Untitled', 'Shopping'),
  },
  {
    name: 'A filter for one tag',
    call: 'GET /api/notes?tag=home',
    description: '`tag` takes a single tag, in any case.',
    has: titles('Untitled', 'Shopping'),
  },
  {
    name: 'A search ignores accents and highlights the words that it found',
    call: 'GET /api/notes?search=creme',
    description: 'Every note that a search finds has a `rank` and a `highlight`.',
    has: titles('Untitled'),
    check: `
      pm.test('the word that was found is highlighted', () => {
        const [{ rank, highlight }] = body.items;
        pm.expect(rank).to.be.a('number');
        pm.expect(highlight.content).to.include('<mark>Crème</mark>');
      });
    `,
  },
  {
    name: 'A search finds the beginning of a word and excludes another word',
    call: 'GET /api/notes?search=-taxes shop&archived=any',
    description: 'A search takes words, `"a phrase"`, `-not` and `or`. The last word may be incomplete.',
    has: titles('Shopping'),
  },
  {
    name: 'A search finds a word in spite of a typing error',
    call: 'GET /api/notes?search=shoping',
    description:
      'If nothing matches exactly, the closest words in the notes are searched, and `page.mode` is `close`.',
    has: titles('Shopping'),
    check: `
      pm.test('the closest word was searched and is highlighted', () => {
        pm.expect(body.page.mode).to.equal('close');
        pm.expect(body.items[0].highlight.title).to.equal('<mark>Shopping</mark>');
      });
    `,
  },
  {
    name: 'A search without a match gives an empty list',
    call: 'GET /api/notes?search=unicorn',
    description: 'An empty list is not an error.',
    has: titles(),
  },
  {
    name: 'A filter for notes that changed since a time',
    call: 'GET /api/notes?from={{firstCreatedAt}}',
    description: '`from` is inclusive.',
    has: titles('Untitled', 'Shopping'),
  },
  {
    name: 'A filter for notes that changed before a time',
    call: 'GET /api/notes?to={{firstCreatedAt}}',
    description: '`to` is exclusive, and no note is older than the first one.',
    has: titles(),
  },
  {
    name: 'The first page of two notes',
    call: 'GET /api/notes?sort=title&archived=any&limit=2',
    description: '`nextCursor` leads to the next page.',
    has: { ...titles('Shopping', 'Taxes'), 'page.limit': 2 },
    check: `pm.test('there is a next page', () => pm.expect(body.page.nextCursor).to.be.a('string').that.is.not.empty);`,
    save: { notesCursor: 'page.nextCursor' },
  },
  {
    name: 'The cursor leads to the next page',
    call: 'GET /api/notes?sort=title&archived=any&limit=2&cursor={{notesCursor}}',
    description: 'A cursor is valid for the same filters and the same order only.',
    has: { ...titles('Untitled'), 'page.nextCursor': null },
  },
  {
    name: 'The second page by its number',
    call: 'GET /api/notes?sort=title&archived=any&limit=2&page=2',
    description: 'Use either a page number or a cursor.',
    has: { ...titles('Untitled'), 'page.total': 3 },
  },
];

const changing: Step[] = [
  {
    name: 'A note is read',
    call: 'GET /api/notes/{{noteId}}',
    description: 'The `ETag` is the version of the note.',
    has: { id: '{{noteId}}' },
    check: `
      pm.test('it has a strong entity tag', () => {
        pm.expect(pm.response.headers.get('ETag')).to.be.a('string').that.matches(/^"[^"]+"$/);
      });
    `,
    save: { noteETag: 'header:ETag' },
  },
  {
    name: 'A note that has not changed is not sent again',
    call: 'GET /api/notes/{{noteId}}',
    expect: '304',
    description: '`If-None-Match` has the known `ETag`.',
    headers: { 'If-None-Match': '{{noteETag}}' },
    has: { 'header:ETag': '{{noteETag}}' },
  },
  {
    name: 'A note is changed if its version is the known one',
    call: 'PATCH /api/notes/{{noteId}}',
    description: 'Only the given fields change. `If-Match` has the known `ETag`.',
    headers: { 'If-Match': '{{noteETag}}' },
    body: { content: 'Milk, bread, butter', pinned: true },
    has: { title: 'Shopping', content: 'Milk, bread, butter', pinned: true, version: 2 },
    check: `
      pm.test('it has another entity tag', () => {
        const tag = pm.response.headers.get('ETag');
        pm.expect(tag).to.be.a('string').that.does.not.equal(pm.variables.get('noteETag'));
      });
    `,
  },
  {
    name: 'A change with an outdated version is refused',
    call: 'PATCH /api/notes/{{noteId}}',
    expect: '412 precondition_failed',
    description: 'The problem contains the current note.',
    headers: { 'If-Match': '{{noteETag}}' },
    body: { content: 'Milk' },
    has: { 'current.id': '{{noteId}}', 'current.content': 'Milk, bread, butter', 'current.version': 2 },
  },
  {
    name: 'A change to the same value keeps the version',
    call: 'PATCH /api/notes/{{noteId}}',
    description: 'Without `If-Match`, the change applies to any version.',
    body: { pinned: true },
    has: { version: 2 },
  },
  {
    name: 'A deletion with an outdated version is refused',
    call: 'DELETE /api/notes/{{noteId}}',
    expect: '412 precondition_failed',
    description: '`If-Match` works for deletions as for changes.',
    headers: { 'If-Match': '{{noteETag}}' },
  },
  { name: 'A note is deleted', call: 'DELETE /api/notes/{{noteId}}' },
  {
    name: 'A deleted note is not found',
    call: 'GET /api/notes/{{noteId}}',
    expect: '404 not_found',
    description: 'No list contains it any more.',
  },
];

export const notes: Folder = {
  name: '3 Notes',
  description:
    'The user creates three notes, lists, searches, reads, changes, deletes and restores them. Then another user tries to reach them.',
  tags: ['Notes', 'Trash', 'Versions', 'Tags', 'Changes', 'Import and export'],
  steps: [...creating, ...listing, ...changing, history, tags, changes, transfer, othersNotes],
};
