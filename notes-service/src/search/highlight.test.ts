import { describe, expect, jest, test } from '@jest/globals';
import type { FoldedText } from './folded-text.ts';
import { createHighlighter, highlight } from './highlight.ts';
import type { Query, QueryTerm, QueryWord } from './query.ts';
import { tokensOf } from './words.ts';

const graphemes = new Intl.Segmenter('und', { granularity: 'grapheme' });

/** A fold of some of the characters that notes_fold folds. */
function fold(original: string): FoldedText {
  let folded = '';
  const origins: number[] = [];
  for (const { segment, index } of graphemes.segment(original)) {
    const replaced = segment.normalize('NFC').replaceAll(/[äöü]/giu, '$&\u0001e').normalize('NFKD');
    const part = replaced
      .replaceAll(/[\u0300-\u036f]|\u00ad|\u200b|\ufe0f/g, '')
      .toLowerCase()
      .normalize('NFC');
    for (let i = 0; i < part.length; i++) origins.push(index);
    folded += part;
  }
  return { original, folded, origins };
}

/** A term of the words and runs of a text. A run of one character is a prefix, and so is a term that ends in `*`. */
function termOf(text: string): QueryTerm {
  const isPrefix = text.endsWith('*');
  const tokens = tokensOf(fold(text.replace('*', '')).folded);
  const words = tokens.flatMap(({ lexemes, isRun, start, end, bigramEnd }, offset): QueryWord[] => {
    const isEndOfRun = isRun && bigramEnd === end;
    if (isEndOfRun && tokens[offset - 1]?.isRun && tokens[offset - 1]?.end === start) return [];
    return [{ lexemes, isPrefix: isPrefix || isEndOfRun, isRun, offset }];
  });
  return { words, isNegated: false };
}

const queryOf = (...terms: string[]): Query => [terms.map(termOf)];
const highlightOf = (title: string, content: string, ...terms: string[]) =>
  createHighlighter(queryOf(...terms))(fold(title), fold(content));
const titleOf = (text: string, ...terms: string[]) => highlightOf(text, '', ...terms).title;
const contentOf = (text: string, ...terms: string[]) => highlightOf('', text, ...terms).content;

describe('a highlight of a whole text', () => {
  test.each([
    ['a word', 'Buy milk and bread', ['milk'], 'Buy <mark>milk</mark> and bread'],
    ['all places of a word', 'a b a', ['a'], '<mark>a</mark> b <mark>a</mark>'],
    ['no part of a word', 'pancakes', ['cakes', 'pan'], 'pancakes'],
    ['the whole word of a prefix', 'My Pancakes!', ['pan*'], 'My <mark>Pancakes</mark>!'],
    [
      'words of several terms',
      'x milk y bread',
      ['bread', 'milk'],
      'x <mark>milk</mark> y <mark>bread</mark>',
    ],
    [
      'a phrase with what is between its words',
      'a well-known b',
      ['well known'],
      'a <mark>well-known</mark> b',
    ],
    [
      'no other place of the words of a phrase',
      'known well known',
      ['well known'],
      'known <mark>well known</mark>',
    ],
    ['no phrase in another order', 'known well', ['well known'], 'known well'],
    ['overlapping phrases', 'a b c d', ['a b c', 'b c d'], '<mark>a b c d</mark>'],
    ['a phrase that overlaps itself', 'a b a b a c', ['a b a'], '<mark>a b a b a</mark> c'],
    ['a phrase that begins again within itself', 'a a a b', ['a a b'], 'a <mark>a a b</mark>'],
    ['a word within a phrase', 'a b c', ['a b c', 'b'], '<mark>a b c</mark>'],
    ['a phrase that ends in a prefix', 'see src/search.ts', ['src sea*'], 'see <mark>src/search</mark>.ts'],
    ['adjacent letters and digits', 'covid19 x', ['covid', '19'], '<mark>covid19</mark> x'],
    ['only the digits of a word', 'covid19', ['19'], 'covid<mark>19</mark>'],
    ['a word at the beginning', 'milk, bread', ['milk'], '<mark>milk</mark>, bread'],
    ['a word at the end', '(bread, milk', ['milk'], '(bread, <mark>milk</mark>'],
    ['an umlaut found by either form', 'Müller', ['muller'], '<mark>Müller</mark>'],
    ['an umlaut found by the other form', 'Müller', ['mueller'], '<mark>Müller</mark>'],
    [
      'a word found by an umlaut',
      'Mueller or Muller',
      ['müller'],
      '<mark>Mueller</mark> or <mark>Muller</mark>',
    ],
    ['a combining sequence', 'the cafe\u0301\u0302 x', ['cafe'], 'the <mark>cafe\u0301\u0302</mark> x'],
    ['a soft hyphen', 'Ge\u00adsamt neu', ['gesamt'], '<mark>Ge\u00adsamt</mark> neu'],
    ['a character of several letters', 'ﬁnance Ⅷ', ['finance', 'viii'], '<mark>ﬁnance</mark> <mark>Ⅷ</mark>'],
    ['a character that is two words', 'in ½ h', ['2'], 'in <mark>½</mark> h'],
    ['an emoji', 'a 😀😁 b', ['😁'], 'a 😀<mark>😁</mark> b'],
    ['letters beyond the basic plane', 'x 𐐀𐐁 y', ['𐐨𐐩'], 'x <mark>𐐀𐐁</mark> y'],
    ['part of a run', '新東京都庁', ['東京都'], '新<mark>東京都</mark>庁'],
    ['the end of a run', '新東京、東', ['東京'], '新<mark>東京</mark>、東'],
    ['one character of a run', '新東京、東', ['東'], '新<mark>東</mark>京、<mark>東</mark>'],
    ['overlapping parts of a run', '東京都庁', ['東京都', '都庁'], '<mark>東京都庁</mark>'],
    ['a repeated part of a run', 'ああああ、い', ['ああ'], '<mark>ああああ</mark>、い'],
    ['a run and a word in a phrase', '東京 tower', ['東京 tower'], '<mark>東京 tower</mark>'],
    ['part of a Thai run', 'ข่าววันนี้', ['วันนี้'], 'ข่าว<mark>วันนี้</mark>'],
    ['Hangul syllables', '서울한국어', ['한국'], '서울<mark>한국</mark>어'],
    ['nothing of an empty text', '', ['a'], ''],
    ['nothing without a match', 'a & b', ['c'], 'a &amp; b'],
  ])('marks %s', (_what, text, terms, expected) => {
    expect(titleOf(text, ...terms)).toBe(expected);
  });

  test('escapes everything but its marks', () => {
    const text = `<b>word</b> & "x" 'y' &lt; <mark>forged</mark>`;
    expect(titleOf(text, 'word')).toBe(
      '&lt;b&gt;<mark>word</mark>&lt;/b&gt; &amp; &quot;x&quot; &#39;y&#39; &amp;lt; &lt;mark&gt;forged&lt;/mark&gt;',
    );
  });

  test('marks the terms of all alternatives, but no negated ones', () => {
    const query: Query = [[termOf('a'), { ...termOf('b'), isNegated: true }], [termOf('c')]];
    const { title } = createHighlighter(query)(fold('a b c'), fold(''));
    expect(title).toBe('<mark>a</mark> b <mark>c</mark>');
  });
});

const filler = (count: number) => 'nothing to see here, '.repeat(count);

describe('the fragments of a content', () => {
  test.each([
    ['a short content whole', '“One word”, (two).', 'word', '“One <mark>word</mark>”, (two).'],
    ['the beginning without a match', '<b> something', 'word', '&lt;b&gt; something'],
  ])('are %s', (_what, content, term, expected) => {
    expect(contentOf(content, term)).toBe(expected);
  });

  test('are at most 200 characters without a match, and no half of a character', () => {
    expect(contentOf('😀'.repeat(500), 'word')).toBe('😀'.repeat(100));
    expect(contentOf(`x${'😀'.repeat(500)}`, 'word')).toBe(`x${'😀'.repeat(99)}`);
  });

  test('are about twenty words around a match', () => {
    const content = contentOf(`${filler(500)}the needle. ${filler(500)}`, 'needle');
    expect(content).toMatch(/to see here, the <mark>needle<\/mark>\. nothing to/);
    expect(content.split(' ')).toHaveLength(20);
  });

  test('are one fragment where all terms are', () => {
    const content = contentOf(`one ${filler(50)}two one ${filler(50)}`, 'one', 'two');
    expect(content).toMatch(/here, <mark>two<\/mark> <mark>one<\/mark> nothing/);
    expect(content.split(' … ')[0]).toMatch(/^<mark>one<\/mark> nothing/);
  });

  test('are two fragments in the order of the text that have the most terms together', () => {
    const text = `three three ${filler(50)}one two three ${filler(50)}one three ${filler(50)}four ${filler(50)}`;
    const [first, second, ...others] = contentOf(text, 'one', 'two', 'three', 'four').split(' … ');
    expect(first).toContain('<mark>one</mark> <mark>two</mark> <mark>three</mark>');
    expect(second).toContain('<mark>four</mark>');
    expect(others).toEqual([]);
  });

  test('are joined if they touch', () => {
    const content = contentOf(`one ${filler(6)}two ${filler(50)}`, 'one', 'two');
    expect(content).toMatch(/^<mark>one<\/mark> nothing .* <mark>two<\/mark> nothing/);
    expect(content).not.toContain('…');
  });

  test('are about eighty characters of a script without spaces', () => {
    const content = contentOf(`${'日本語。'.repeat(500)}東京${'タワー、'.repeat(500)}`, '東京');
    expect(content).toContain('日本語。<mark>東京</mark>タワー、');
    expect(content.replaceAll(/<.?mark>/g, '').length).toBeLessThan(120);
  });

  test.each([
    ['a phrase that is longer', 'a '.repeat(100), 'a '.repeat(50)],
    ['a run that is longer', '東京'.repeat(1_000), '東京'.repeat(200)],
    ['the longest words', `${'x'.repeat(200)} `.repeat(100), 'x'.repeat(200)],
    ['long gaps', ` ${'-'.repeat(5_000)} word ${'-'.repeat(5_000)} word`, 'word'],
  ])('stay short: %s', (_what, content, term) => {
    const highlighted = contentOf(content, term);
    expect(highlighted).toContain('<mark>');
    expect(highlighted.replaceAll(/<.?mark>/g, '').length).toBeLessThan(2_100);
  });

  test('mark the words of a phrase where PostgreSQL does not know their places', () => {
    const content = `second ${'a '.repeat(256)}first x`;
    expect(contentOf(content, 'first second')).toMatch(
      /^<mark>second<\/mark> .* … .* <mark>first<\/mark> x$/,
    );
    expect(contentOf('second filler first', 'first second')).toBe('second filler first');
  });

  test.each([
    ['a word is often repeated', 'a '.repeat(256)],
    ['a form of a word is often repeated', `${'mueller '.repeat(128)}${'müller '.repeat(128)}`],
    ['a word is often repeated in the content and the tags together', 'a '.repeat(250)],
    ['it has very many words', Array.from({ length: 16_383 }, (_, i) => `${i}`).join(' ')],
  ])('mark the words of a phrase in the title of a note, too, if %s', (_what, content) => {
    expect(highlightOf('second, first', content, 'first second').title).toBe(
      '<mark>second</mark>, <mark>first</mark>',
    );
    expect(highlightOf('second, first', `${content} first second`, 'first second')).toEqual({
      title: '<mark>second</mark>, <mark>first</mark>',
      content: expect.stringContaining('<mark>first second</mark>'),
    });
  });

  test('are parts of the text, in order, whatever the text and the terms are', () => {
    const pieces = [
      'a',
      'b',
      'ab',
      ' ',
      ' ',
      '-',
      '<',
      '&',
      '"',
      '1',
      'ü',
      'e\u0301',
      '東',
      '京',
      'ก',
      'ี',
      '한',
      '😀',
      '½',
      'ﷺ',
      'Ⅷ',
      '\u00ad',
      '\n',
    ];
    let state = 20_261_126;
    const random = (below: number) => (state = (state * 48_271) % 2_147_483_647) % below;
    const randomText = (length: number) =>
      Array.from({ length }, () => pieces[random(pieces.length)] ?? '').join('');
    for (let round = 0; round < 150; round++) {
      const text = randomText(1 + random(300));
      const terms = Array.from({ length: 1 + random(3) }, () => randomText(1 + random(3)));
      const plain = (html: string) =>
        html
          .replaceAll(/<\/?mark>/g, '')
          .replaceAll('&lt;', '<')
          .replaceAll('&gt;', '>')
          .replaceAll('&quot;', '"')
          .replaceAll('&#39;', "'")
          .replaceAll('&amp;', '&');
      const context = JSON.stringify([text, terms]);
      expect([context, plain(titleOf(text, ...terms))]).toEqual([context, text]);
      const content = contentOf(text, ...terms);
      expect([context, content.match(/<(?!\/?mark>)/)]).toEqual([context, null]);
      const fragments = plain(content).split(' … ');
      expect([context, fragments.length <= 2]).toEqual([context, true]);
      const [first = '', second = ''] = fragments;
      const place = text.indexOf(first);
      expect([context, place >= 0, text.indexOf(second, place + first.length) >= 0]).toEqual([
        context,
        true,
        true,
      ]);
    }
  });
});

describe('the highlights of a page', () => {
  const foldAll = (texts: string[]) => Promise.resolve(texts.map(fold));

  test('are the whole title and fragments of the content of each note', async () => {
    const notes = [
      { title: 'One word', content: '' },
      { title: '<two>', content: 'a Word' },
    ];
    expect(await highlight(queryOf('word'), notes, foldAll)).toEqual([
      { title: 'One <mark>word</mark>', content: '' },
      { title: '&lt;two&gt;', content: 'a <mark>Word</mark>' },
    ]);
  });

  const foldPlain = (texts: string[]) =>
    Promise.resolve(
      texts.map((text) => ({ original: text, folded: text, origins: Array.from(text.split('').keys()) })),
    );

  test('mark all titles, and contents up to 300,000 characters', async () => {
    const content = `${'x'.repeat(99_995)} word`;
    const notes = Array.from({ length: 5 }, () => ({ title: 'word', content }));
    const highlights = await highlight(queryOf('word'), notes, foldPlain);
    expect(highlights.map(({ title }) => title)).toEqual(notes.map(() => '<mark>word</mark>'));
    expect(highlights.map((each) => each.content.includes('<mark>word</mark>'))).toEqual(
      notes.map((_note, index) => index < 3),
    );
    expect(highlights.at(-1)?.content).toBe('x'.repeat(200));
  });

  test('let other work run in between', async () => {
    const notes = Array.from({ length: 100 }, () => ({ title: 'word', content: 'a word '.repeat(1_400) }));
    // Each look at the clock finds that enough time has passed.
    let now = 0;
    const clock = jest.spyOn(performance, 'now').mockImplementation(() => (now += 6));
    let [turns, isDone] = [0, false];
    const countTurns = () => {
      turns++;
      if (!isDone) setImmediate(countTurns);
    };
    setImmediate(countTurns);
    await highlight(queryOf('word'), notes, foldPlain);
    isDone = true;
    clock.mockRestore();
    expect(turns).toBeGreaterThanOrEqual(100);
  });
});
