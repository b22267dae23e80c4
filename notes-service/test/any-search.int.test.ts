import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { serverUrl } from '@polyglot-notes/service-kit/testing';
import { startService } from './service.ts';

const seed = Number(process.env['TEST_SEED'] ?? 20_261_124);
const count = 10_000;
const concurrency = 20;

let service: Awaited<ReturnType<typeof startService>>;
beforeAll(async () => {
  service = await startService();
});
afterAll(() => service.close());

/** Mulberry32: numbers from 0 to 1, the same for the same seed. */
function randomNumbers(state: number) {
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

const syntax = [
  '"',
  "'",
  '\\',
  '-',
  '--',
  '&',
  '|',
  '!',
  '(',
  ')',
  '<->',
  '<2>',
  ':*',
  ':A',
  '*',
  '%',
  '_',
  '$1',
  '${',
  '<',
  '>',
  '<b>',
  '&amp;',
  '@',
  '.',
  '/',
  '+',
  '://',
  '#',
  '?',
  ',',
  ';',
  '/*',
  "'); drop table notes; --",
  ' or ',
  ' OR ',
  ' and ',
  ' ',
  '  ',
  '\t',
  '\n',
  '\0',
  '\u0001',
  '\ud800',
  '\udfff',
  '\u0301',
  '\u200d',
  '\u200f',
  '\ufeff',
];
const words = `word Ünïcödé ß 日本語 Ⅷ or 2026-11-24 a.b/c@d.e 1e5 -5 ﬃ ${'x'.repeat(300)}`.split(' ');

/** A search that nobody foresaw: syntax, words, any code points and rows of one of them, mostly short, sometimes far too long. */
function randomSearch(random: () => number): string {
  const upTo = (max: number) => Math.floor(random() * max);
  const pick = (from: string[]) => from[upTo(from.length)] ?? '';
  const piece = () => {
    const kind = random();
    if (kind < 0.45) return pick(syntax);
    if (kind < 0.75) return pick(words);
    return String.fromCodePoint(upTo(kind < 0.9 ? 0x250 : 0x110000));
  };
  const row = () => piece().repeat(1_000).slice(0, upTo(1_000));
  if (random() < 0.05) return piece() + row() + piece();
  const length = random() < 0.02 ? 600 : 1 + upTo(12);
  return Array.from({ length }, piece).join('');
}

/** What once failed. */
const known = [
  "-5ǥ'); drop table notes; --&amp;orÁ\ufeff\u0301",
  ...['-', '- ', '-! ', 'Ⅷ', 'ⅷ', 'ﬃ'].flatMap((piece) =>
    [32, 33, 512, 680, 1_000].flatMap((times) => [piece.repeat(times), `${piece.repeat(times)}word`]),
  ),
];

/** In percent-encoding; what no UTF-8 can say goes as the bytes that a careless client would send. */
const encode = (text: string) =>
  Array.from(text, (character) =>
    character.isWellFormed()
      ? encodeURIComponent(character)
      : Array.from([0xed, 0xa0, 0x80], (byte) => `%${byte.toString(16)}`).join(''),
  ).join('');

test(`${count} random searches are all answered, with the seed ${seed}`, async () => {
  const user = service.newUser();
  for (const word of words) await user.create({ title: word, content: `${word} and ${words.join(' ')}` });
  const random = randomNumbers(seed);
  const searches = [...known, ...Array.from({ length: count }, () => randomSearch(random))].values();
  const url = `${serverUrl(service.server)}/api/notes?total=true&search=`;
  const headers = { Authorization: `Bearer ${service.issuer.tokenFor(user.id)}` };
  const failures: { search: string; status: number }[] = [];

  async function caller() {
    for (const search of searches) {
      const response = await fetch(url + encode(search), { headers });
      await response.arrayBuffer();
      const { status } = response;
      if (status !== 200) failures.push({ search, status });
    }
  }
  await Promise.all(Array.from({ length: concurrency }, caller));
  expect(failures.slice(0, 10)).toEqual([]);
}, 240_000);
