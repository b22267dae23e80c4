import { randomUUID } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, test } from '@jest/globals';
import { createFileNames } from './file-names.ts';

const id = '0198c0df-7a52-7c31-8a0e-5d1b9f3e2c44';
const nameOf = (title: string) => createFileNames()({ id, title });

describe('the name of a file', () => {
  test.each([
    ['Shopping', 'Shopping.md'],
    ['a/b\\c:d*e?f"g<h>i|j', 'a b c d e f g h i j.md'],
    ['../../etc/passwd', 'etc passwd.md'],
    ['.hidden', 'hidden.md'],
    ['-rf', 'rf.md'],
    ['a. . ', 'a.md'],
    ['CON', '_CON.md'],
    ['nul.txt', '_nul.txt.md'],
    ['Lpt¹', '_Lpt¹.md'],
    ['console', 'console.md'],
    ['a\n\tb\u0000\u202e', 'a b.md'],
    ['***', 'note.md'],
    ['e\u0301', 'é.md'],
    ['🐘 日本語', '🐘 日本語.md'],
    ['a'.repeat(200), `${'a'.repeat(96)}.md`],
    ['日'.repeat(200), `${'日'.repeat(32)}.md`],
  ])('of %j is %j', (title, name) => {
    expect(nameOf(title)).toBe(name);
  });

  test.each([
    ['a', 'A'],
    ['é', 'E\u0301'],
    ['ß', 'SS'],
    ['ﬁ', 'fi'],
    ['K', 'k'],
    ['a:', 'a?'],
    ['a'.repeat(199), 'a'.repeat(200)],
  ])('of %j differs from that of %j', (one, other) => {
    const names = createFileNames();
    names({ id: randomUUID(), title: one });
    expect(names({ id, title: other })).toMatch(/ 5d1b9f3e2c44\.md$/);
  });

  test('differs although titles and the ends of ids are the same', () => {
    const names = createFileNames();
    const other = `11111111${id.slice(8)}`;
    const given = [id, other, id, id, id].map((each) => names({ id: each, title: 'a' }));
    expect(new Set(given).size).toBe(5);
  });

  test('is safe and unique for any titles', () => {
    const title = fc.oneof(
      fc.string({ unit: 'binary', minLength: 1, maxLength: 200 }),
      fc.constantFrom('con', 'a', 'A ', '.'),
    );
    fc.assert(
      fc.property(fc.array(title, { maxLength: 20 }), (titles) => {
        const names = createFileNames();
        const given = titles.map((each) => names({ id: randomUUID(), title: each.toWellFormed() }));
        expect(new Set(given.map((name) => name.normalize('NFC').toLowerCase())).size).toBe(titles.length);
        for (const name of given) {
          expect(Buffer.byteLength(name)).toBeLessThanOrEqual(100);
          expect(name).toMatch(/^[^\p{C}/\\:*?"<>|.\s-][^\p{Cc}/\\:*?"<>|]*(?<![ .])\.md$/u);
          expect(name).not.toMatch(/^(con|prn|aux|nul|com\d|lpt\d)\./i);
        }
      }),
    );
  });
});
