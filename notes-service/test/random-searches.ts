import type { Service } from './service.ts';

/** Mulberry32: random numbers from 0 to 1, reproducible by the seed. */
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

/** A random search of syntax, words, any code points and repetitions, mostly short, sometimes far too long. */
function randomSearch(random: () => number): string {
  const upTo = (max: number) => Math.floor(random() * max);
  const pick = (from: string[]) => from[upTo(from.length)] ?? '';
  const piece = () => {
    const kind = random();
    if (kind < 0.45) return pick(syntax);
    if (kind < 0.75) return pick(words);
    return String.fromCodePoint(upTo(kind < 0.9 ? 0x250 : 0x110000));
  };
  const repetition = () => piece().repeat(1_000).slice(0, upTo(1_000));
  if (random() < 0.05) return piece() + repetition() + piece();
  const length = random() < 0.02 ? 600 : 1 + upTo(12);
  return Array.from({ length }, piece).join('');
}

/** Random texts without control characters. */
export function randomTexts({ seed, count }: { seed: number; count: number }): string[] {
  const random = randomNumbers(seed);
  return Array.from({ length: count }, () => randomSearch(random).replaceAll(/[\p{Cc}\p{Surrogate}]/gu, ''));
}

const hanRun = (length: number, run: number) =>
  Array.from({ length }, (_letter, index) => String.fromCodePoint(0x4e00 + run * 1_000 + index)).join('');

/** Searches that failed before. */
const regressions = [
  "-5ǥ'); drop table notes; --&amp;orÁ\ufeff\u0301",
  ...['-', '- ', '-! ', 'Ⅷ', 'ⅷ', 'ﬃ'].flatMap((piece) =>
    [32, 33, 512, 680, 1_000].flatMap((times) => [piece.repeat(times), `${piece.repeat(times)}word`]),
  ),
  `${'b'.repeat(199)}ä`,
  `${'ö'.repeat(130)}j`,
  `x${'ä'.repeat(67)}`,
  [20, 20, 950].map((length, run) => hanRun(length, run)).join(' '),
];

/** Percent-encodes a text. A lone surrogate becomes the invalid bytes that a careless client would send. */
const encode = (text: string) =>
  Array.from(text, (character) =>
    character.isWellFormed()
      ? encodeURIComponent(character)
      : Array.from([0xed, 0xa0, 0x80], (byte) => `%${byte.toString(16)}`).join(''),
  ).join('');

// One user has one search at a time.
const users = 5;

/** Sends the searches that failed before and `count` random ones. Returns the first ten that were not answered with 200. */
export async function failingSearches(service: Service, { seed, count }: { seed: number; count: number }) {
  const random = randomNumbers(seed);
  const searches = [...regressions, ...Array.from({ length: count }, () => randomSearch(random))].values();
  const url = `${service.client.baseUrl}/api/notes?total=true&search=`;
  const failures: { search: string; status: number }[] = [];

  async function searchOneByOne() {
    const user = service.newUser();
    for (const word of words) await user.create({ title: word, content: `${word} and ${words.join(' ')}` });
    const headers = { Authorization: `Bearer ${user.token}` };
    for (const search of searches) {
      const response = await fetch(url + encode(search), { headers });
      await response.arrayBuffer();
      const { status } = response;
      if (status !== 200) failures.push({ search, status });
    }
  }
  await Promise.all(Array.from({ length: users }, searchOneByOne));
  return failures.slice(0, 10);
}
