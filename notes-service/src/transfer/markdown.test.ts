import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, test } from '@jest/globals';
import { exampleNote } from '../notes/notes.schemas.ts';
import { readMarkdown, writeMarkdown } from './markdown.ts';
import { decodeText } from './text-encoding.ts';
import { checkNote } from './transfer.schemas.ts';

const modifiedAt = new Date('2026-07-08T09:10:12Z');
const readFile = (name: string, text: string) => checkNote(readMarkdown(text, { name, modifiedAt }));
const { deletedAt: _none, ...example } = exampleNote;
const title = 'A title';

function fixture(path: string) {
  const bytes = readFileSync(new URL(`../../test/fixtures/${path}`, import.meta.url));
  return readFile(path.split('/').at(-1) ?? '', decodeText(bytes));
}

/** A valid tag of the characters of a text. */
const tagOf = (text: string) =>
  `${text.replaceAll(/[,\p{Cc}]/gu, '').trim()}x`.toLowerCase().normalize('NFC');

/** What an import reads from the exported file of a note. */
function roundTrip(note: typeof example) {
  const file = decodeText(Buffer.from(writeMarkdown(note)));
  const { createdAt, updatedAt, versions: _versions, ...rest } = readFile('other name.md', file);
  return { ...rest, createdAt: createdAt?.toISOString(), updatedAt: updatedAt?.toISOString() };
}

describe('a note as Markdown', () => {
  test.each([
    "-5 o'clock",
    'yes',
    'true',
    'null',
    '~',
    '1e3',
    '2026-01-01',
    'a: b',
    'a #b',
    '# a',
    '"',
    "'",
    '\n',
    '\r\n',
    '---',
    '---\n',
    '{a',
    '[a',
    '*a',
    '&a',
    '!a',
    '%a',
    '@a',
    '`a',
    '\\',
    '\\n',
    ' a ',
    '\ta',
    '🤷🏽‍♀️',
    '\u0085a\u2028b\u2029\u007f\ufeffc',
  ])('keeps the title, content and tag %j', (text) => {
    const note = {
      ...example,
      title: text.trim() === '' ? `${text}x` : text,
      content: text,
      tags: [tagOf(text)],
    };
    expect(roundTrip(note)).toEqual(note);
  });

  test.each([
    '---\na: b\n---\nc',
    '---',
    '\ufeffa',
    '\ufeff---\na: b\n---\n',
    'no newline at the end',
    'a\r\nb\r\n',
    '\n\na',
    '\r\na',
    '# a heading\n\nTags: a\n',
    '',
  ])('keeps the content %j', (content) => {
    expect(roundTrip({ ...example, content }).content).toBe(content);
  });

  test('keeps the longest title and tags', () => {
    const tags = Array.from({ length: 50 }, (_, i) => `${String(i).padStart(2, '0')}${'🐘'.repeat(48)}`);
    const note = { ...example, title: `${'\u0001'.repeat(199)}x`, tags };
    expect(roundTrip(note)).toEqual(note);
  });

  test('keeps any note', () => {
    const text = fc.string({ unit: 'grapheme', maxLength: 40 }).map((value) => value.replaceAll('\0', ''));
    const anyText = fc.oneof(
      text,
      fc.string({ unit: 'binary' }).map((value) => value.toWellFormed().replaceAll('\0', '')),
    );
    const tag = text.map(tagOf);
    const time = fc
      .date({ min: new Date('0001-01-01'), max: new Date('9999-12-31'), noInvalidDate: true })
      .map((date) => date.toISOString());
    const note = fc.record({
      id: fc.uuid(),
      title: anyText.map((value) => `${value}x`),
      content: anyText,
      tags: fc.uniqueArray(tag, { maxLength: 5 }),
      pinned: fc.boolean(),
      archived: fc.boolean(),
      version: fc.integer({ min: 1, max: 1_000_000_000 }),
      createdAt: time,
      updatedAt: time,
    });
    fc.assert(fc.property(note, (given) => expect(roundTrip(given)).toEqual(given)));
  });
});

describe('a Markdown file of another program', () => {
  test('of Obsidian has its tags, times and the name of the file as the title', () => {
    expect(fixture('obsidian/Books to read.md')).toMatchObject({
      title: 'Books to read',
      tags: ['reading', 'project/library', 'überblick'],
      createdAt: new Date('2026-01-02T10:30:00Z'),
      updatedAt: new Date('2026-02-03T11:45:10Z'),
      content: '# Books\n\n- [[Dune]] ^block\n---\nA text after a thematic break #inline\n',
    });
    expect(fixture('obsidian/Inline tags.md')).toMatchObject({
      tags: ['work', 'two words', 'urgent'],
      createdAt: new Date('2026-03-04'),
      updatedAt: new Date('2026-03-04'),
    });
    expect(fixture('obsidian/No properties.md')).toMatchObject({
      title: 'No properties',
      tags: [],
      content: 'Only text with #hashtag\n',
      createdAt: modifiedAt,
      updatedAt: modifiedAt,
    });
  });

  test('of Joplin has the title, tags and times of its front matter', () => {
    expect(fixture('joplin/Trip to Lisbon.md')).toMatchObject({
      title: 'Trip: Lisbon & Porto',
      tags: ['travel', 'summer 2026'],
      createdAt: new Date('2026-04-05T06:07:08Z'),
      updatedAt: new Date('2026-05-06T07:08:09Z'),
      content: 'Pack the ![photo](../_resources/photo.png)\n',
    });
  });

  test('of Notion has the title of its heading, and keeps properties that are not clear', () => {
    expect(fixture('notion/Meeting notes 0123456789abcdef0123456789abcdef.md')).toMatchObject({
      title: 'Meeting notes: all of the team',
      tags: ['team', 'weekly sync'],
      createdAt: new Date('2026-11-24T09:30:00Z'),
      updatedAt: new Date('2026-11-25T16:05:00Z'),
      content: 'Owner: Ana\n\nAgenda\n\n# Second heading\n',
    });
  });

  test.each([
    ['tags: a b  c', ['a', 'b', 'c']],
    ['tags: "#a, b c"', ['a', 'b c']],
    ['tags:', []],
    ['tags: null', []],
    ['tags: []', []],
    ['tag: One', ['one']],
    ['tags: [1e3, yes, 2026-01-01, null, [x]]', ['1e3', 'yes', '2026-01-01']],
    ['tags: {a: b}', []],
    ['Tags: [A, a]', ['a']],
    ['__proto__: {tags: a}', []],
    ['? [a, b]\n: c\ntags: d', ['d']],
    [`tags: [a, ${'b'.repeat(51)}, "c\\x07", "\\ud800", d]`, ['a', 'd']],
    [
      `tags: [${Array.from({ length: 60 }, (_, i) => `t${i}`).join()}]`,
      Array.from({ length: 50 }, (_, i) => `t${i}`),
    ],
    [`tags: [${'a, '.repeat(60)}]`, ['a']],
  ])('may have the front matter %j', (yaml, tags) => {
    expect(readFile('a.md', `---\n${yaml}\n---\nx`).tags).toEqual(tags);
  });

  test.each([
    ['title: 1e3', '1e3'],
    ['title: yes', 'yes'],
    ['title: 2026-01-01', '2026-01-01'],
    ['title: |\n  two\n  lines\n', 'two\nlines\n'],
    ['title: null', 'a'],
    ['title:', 'a'],
    ['title: [b]', 'a'],
    ['title: "  "', 'a'],
    ['title: "\\u200b"', 'a'],
    ['title: "b\\0\\ud800c"', 'b\ufffdc'],
    [`title: ${'b'.repeat(250)}`, 'b'.repeat(200)],
    [`title: ${'🐘'.repeat(201)}`, '🐘'.repeat(200)],
    ['id: 202601011200\ntitle: b\nversion: 1.2.3', 'b'],
  ])('may have a title as in %j', (yaml, expected) => {
    expect(readFile('a.md', `---\n${yaml}\n---\nx`).title).toBe(expected);
  });

  test.each([
    ['2026-01-02', '2026-01-02T00:00:00.000Z'],
    ['2026-01-02 03:04', '2026-01-02T03:04:00.000Z'],
    ['2026-01-02T03:04:05.678+02:00', '2026-01-02T01:04:05.678Z'],
    ['2026-01-02 03:04:05 -0230', '2026-01-02T05:34:05.000Z'],
    ['2026-02-30', undefined],
    ['2026-13-45 99:99', undefined],
    ['someday', undefined],
    ['foo 1', undefined],
    ['0000-00-00', undefined],
    ['0000-01-01', undefined],
    ['0001-01-01', '0001-01-01T00:00:00.000Z'],
    ['0001-01-01T00:00:00+01:00', undefined],
    ['9999-12-31T23:59:59Z', '9999-12-31T23:59:59.000Z'],
    ['9999-12-31T23:59:59-01:00', undefined],
  ])('with the time %j', (time, expected) => {
    const { createdAt } = readFile('a.md', `---\ncreated: ${time}\n---\nx`);
    expect(createdAt?.toISOString()).toBe(expected ?? modifiedAt.toISOString());
  });

  test.each([
    ['---\nHello\n---\nx', '---\nHello\n---\nx'],
    ['---\nnot closed', '---\nnot closed'],
    ['text\n---\na: b\n---\n', 'text\n---\na: b\n---\n'],
    ['---\n---\nx', 'x'],
    ['---\r\ntitle: a\r\n---\r\n\r\nx\r\n', 'x\r\n'],
    ['---\ntitle: a\n---', ''],
  ])('%j has the content %j', (file, content) => {
    expect(readFile('a.md', file).content).toBe(content);
  });

  test.each([
    ['a'.repeat(300), 'a'.repeat(200)],
    ['🐘'.repeat(201), '🐘'.repeat(200)],
    ['e\u0301', 'é'],
    [' \u200b', 'Untitled'],
    ['', 'Untitled'],
    ['v1.2 notes', 'v1.2 notes'],
  ])('named %j has the title %j', (name, expected) => {
    expect(readFile(`${name}.md`, 'x').title).toBe(expected);
  });

  test('of Notion has the name of the file as its title when the heading is blank', () => {
    expect(readFile('b 0123456789abcdef0123456789abcdef.md', '# \u200b\n\nx')).toMatchObject({ title: 'b' });
  });

  const bomb = Array.from({ length: 9 }, (_, i) => `a${i}: &a${i} [${`*a${i - 1},`.repeat(i && 9)}x]`).join(
    '\n',
  );
  test.each([
    ['broken', 'a: [b'],
    ['two fields in a line', 'a: b: c'],
    ['the same field twice', 'a: b\na: c'],
    ['an alias bomb', bomb],
    ['a front matter that is too long', `a: ${'b'.repeat(8_192)}`],
  ])('with %s is refused', (_what, yaml) => {
    expect(() => readFile('a.md', `---\n${yaml}\n---\nx`)).toThrow(
      expect.objectContaining({
        code: 'invalid_front_matter',
        message: expect.stringMatching(/^The front matter/),
      }),
    );
  });

  test.each([
    ['deep nesting', '['.repeat(8_000)],
    ['deep nesting that is closed', `a: ${'['.repeat(4_000)}${']'.repeat(4_000)}`],
    ['deep nesting after brackets that close nothing', `a: ${']'.repeat(4_000)}\nb: ${'['.repeat(4_000)}`],
    ['nested lists in one line', '- '.repeat(4_000)],
    ['nested keys in one line', '? '.repeat(4_000)],
    ['32 levels and one more', `a: ${'['.repeat(32)}${']'.repeat(32)}`],
  ])('with %s is refused before it is parsed, which could end the process', (_what, yaml) => {
    expect(() => readFile('a.md', `---\n${yaml}\n---\nx`)).toThrow(
      'The front matter has more than 32 levels',
    );
  });

  test('may have as many levels as any note needs, and brackets in its texts', () => {
    const yaml = `a: ${'['.repeat(31)}${']'.repeat(31)}\ntitle: "${'['.repeat(100)}"`;
    expect(readFile('a.md', `---\n${yaml}\n---\nx`).title).toBe('['.repeat(100));
  });

  test.each([
    [{ createdAt: 'yesterday' }, 'createdAt'],
    [{ pinned: 'maybe' }, 'pinned'],
    [{ version: 'x' }, 'version'],
    [{ title: 'a'.repeat(201) }, 'title'],
  ])('of this service with the wrong field %j is refused', (wrong, path) => {
    expect(() => readFile('a.md', writeMarkdown({ ...example, ...(wrong as object) }))).toThrow(
      expect.objectContaining({ code: 'validation_failed', message: expect.stringContaining(path) }),
    );
  });

  const utf16 = Buffer.from('\ufeffé', 'utf16le');
  test.each([
    ['UTF-8', Buffer.from('é')],
    ['UTF-8 with a byte order mark', Buffer.from('\ufeffé')],
    ['UTF-16LE', utf16],
    ['UTF-16BE', Buffer.from(utf16).swap16()],
  ])('may be in %s', (_encoding, bytes) => {
    expect(decodeText(bytes)).toBe('é');
  });

  test.each([
    ['Windows-1252', Buffer.from('é', 'latin1')],
    ['broken UTF-16', Buffer.from([0xff, 0xfe, 0x00, 0xd8])],
  ])('in %s is refused', (_encoding, bytes) => {
    expect(() => decodeText(bytes)).toThrow(expect.objectContaining({ code: 'invalid_encoding' }));
  });
});

test('a file of this service keeps its fields when another program has added some', () => {
  const file = writeMarkdown({ ...example, title, tags: ['#a'] }).replace('---\n', '---\naliases: [b]\n');
  expect(readFile('x.md', file)).toMatchObject({ id: example.id, title, tags: ['#a'] });
});
