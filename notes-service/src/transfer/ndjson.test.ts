import { Readable } from 'node:stream';
import fc from 'fast-check';
import { describe, expect, test } from '@jest/globals';
import { exampleNote } from '../notes/notes.schemas.ts';
import { parseJson, readLines } from './ndjson.ts';
import { checkNote } from './transfer.schemas.ts';

const maxBytes = 1_048_576;

async function linesOf(...chunks: (string | Buffer)[]) {
  const source = Readable.from(chunks.map((chunk) => Buffer.from(chunk)));
  const lines: unknown[] = [];
  for await (const each of readLines(source, { maxBytes })) {
    lines.push([each.line, 'text' in each ? each.text : each.fault.code]);
  }
  return lines;
}

describe('the lines of a stream', () => {
  test.each([
    [
      'no newline at the end',
      'a\nb',
      [
        [1, 'a'],
        [2, 'b'],
      ],
    ],
    [
      'a newline at the end',
      'a\nb\n',
      [
        [1, 'a'],
        [2, 'b'],
      ],
    ],
    [
      'CRLF',
      'a\r\nb\r\n',
      [
        [1, 'a\r'],
        [2, 'b\r'],
      ],
    ],
    ['blank lines', '\n \r\na\n\n', [[3, 'a']]],
    [
      'a byte order mark',
      '\ufeffa\n\ufeffb',
      [
        [1, 'a'],
        [2, '\ufeffb'],
      ],
    ],
    ['nothing', '', []],
  ])('with %s', async (_what, text, expected) => {
    expect(await linesOf(text)).toEqual(expected);
  });

  test('are the same however the bytes are divided', async () => {
    const text = fc.array(
      fc
        .string({ unit: 'binary', maxLength: 5 })
        .map((each) => `${each.toWellFormed().replaceAll('\n', '')}é`),
      { maxLength: 5 },
    );
    await fc.assert(
      fc.asyncProperty(text, fc.array(fc.nat(60)), async (expected, cuts) => {
        const bytes = Buffer.from(expected.join('\n'));
        const ends = [...cuts.toSorted((a, b) => a - b), bytes.length];
        const chunks = ends.map((end, i) => bytes.subarray(ends[i - 1] ?? 0, end));
        const first = expected.map((each, i) => (i === 0 ? each.replace(/^\ufeff/, '') : each));
        expect(await linesOf(...chunks)).toEqual(first.map((each, i) => [i + 1, each]));
      }),
    );
  });

  test('that are too long or not UTF-8 are named and lose no other', async () => {
    const chunk = Buffer.alloc(maxBytes / 2, 'a');
    const bad = Buffer.from([0xff, 0x0a]);
    expect(
      await linesOf('a\n', ...Array(20).fill(chunk), '\nb\n', bad, 'c\n', chunk, chunk, '\n', 'd'),
    ).toEqual([
      [1, 'a'],
      [2, 'too_large'],
      [3, 'b'],
      [4, 'invalid_encoding'],
      [5, 'c'],
      [6, 'a'.repeat(maxBytes)],
      [7, 'd'],
    ]);
  });
});

const read = (value: unknown) => checkNote(parseJson(JSON.stringify(value)));

describe('a line of an import', () => {
  test('may be any note that the API returns', () => {
    expect(read(exampleNote)).toMatchObject({
      ...exampleNote,
      createdAt: new Date(exampleNote.createdAt),
      updatedAt: new Date(exampleNote.updatedAt),
    });
  });

  test('needs a title or a content only', () => {
    expect(read({ content: 'a' })).toMatchObject({ title: 'Untitled', content: 'a', tags: [], versions: [] });
    expect(read({ title: 'a' })).toMatchObject({ title: 'a', content: '' });
  });

  const { id: _id, deletedAt: _deletedAt, updatedAt: _updatedAt, ...version } = exampleNote;
  test.each([
    ['{}', 'must have a visible title or content'],
    ['[]', 'expected object'],
    ['null', 'expected object'],
    ['{"title":"a","colour":"red"}', 'colour: is not a known field'],
    ['{"title":"a\\u0000"}', 'title: must not contain NUL characters'],
    ['{"title":"\\ud800"}', 'title: must be well-formed Unicode'],
    [`{"content":"${'a'.repeat(101_000)}"}`, 'content: must be at most 100000 characters'],
    ['{"title":"a","createdAt":"2026-02-30T00:00:00Z"}', 'createdAt: '],
    ['{"title":"a","createdAt":"2026-01-01"}', 'createdAt: '],
    ['{"title":"a","updatedAt":"0000-01-01T00:00:00Z"}', 'updatedAt: must be in the years 1 to 9999'],
    ['{"title":"a","createdAt":1}', 'createdAt: '],
    ['{"title":"a","id":"../x"}', 'id: '],
    ['{"title":"a","deletedAt":"2026-01-01T00:00:00Z"}', 'deletedAt: '],
    ['{"title":"a","version":0}', 'version: '],
    ['{"title":"a","version":2147483647}', 'version: '],
    ['{"title":"a","tags":["a,b"]}', 'tags.0: '],
    ['{"title":"a","b":1,"c":2}', 'b: is not a known field'],
    ['{"title":"a","versions":[{"colour":"red"}]}', 'versions.0.colour: is not a known field'],
    [
      JSON.stringify({ title: 'a', versions: [{ ...version, tags: Array(51).fill('') }] }),
      'versions.0.tags: must be at most 50 tags',
    ],
    [
      JSON.stringify({ title: 'a', versions: Array(1_001).fill(0) }),
      'versions: must be at most 1000 versions',
    ],
    [
      JSON.stringify({ title: 'a', version: 1, versions: [version] }),
      'versions: must have different numbers below `version`',
    ],
    [
      JSON.stringify({ title: 'a', version: 3, versions: [version, version] }),
      'versions: must have different',
    ],
  ])('is refused: %.60j', (line, message) => {
    expect(() => checkNote(parseJson(line))).toThrow(
      expect.objectContaining({ code: 'validation_failed', message: expect.stringContaining(message) }),
    );
  });

  test('names one of many errors of the same kind', () => {
    const many = Object.fromEntries(Array.from({ length: 1_000 }, (_, i) => [`field${i}`, i]));
    expect(() => read({ title: 'a', ...many })).toThrow(/^field0: is not a known field$/);
    expect(() => read({ title: 'a', versions: Array(100_000).fill(0) })).toThrow(
      /^versions: must be at most/,
    );
  });

  test.each(['{', '{"a":1}}', "{'a':1}", 'NaN'])('is not JSON: %j', (line) => {
    expect(() => parseJson(line)).toThrow(expect.objectContaining({ code: 'malformed_json' }));
  });
});
