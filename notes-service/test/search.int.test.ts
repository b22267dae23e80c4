import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Answer } from '@polyglot-notes/service-kit/testing';
import pg from 'pg';
import { randomTexts } from './random-searches.ts';
import { startService, titles, titlesOnAllPages, type Service, type User } from './service.ts';

let service: Service;
beforeAll(async () => {
  service = await startService();
});
afterAll(() => service.close());

const query = (search: string) => `?search=${encodeURIComponent(search)}`;
/** The titles of the notes that match exactly. */
async function find(user: User, search: string): Promise<string[]> {
  const answer = await user.list(query(search));
  return answer.body.page.mode === 'close' ? [] : titles(answer).toSorted();
}

async function userWith(...notes: (string | object)[]) {
  const user = service.newUser();
  for (const note of notes) await user.create(typeof note === 'string' ? { title: note } : note);
  return user;
}

describe('a search without words', () => {
  test.each(['?search=', '?search=%20%09', '?search=%00', '?search=%E2%80%8B%EF%BB%BF'])(
    'is ignored if it is blank: %s',
    async (search) => {
      const user = await userWith('a');
      const { body } = await user.list(search);
      expect(body.items).toHaveLength(1);
      expect(body.items[0]).not.toHaveProperty('rank');
      expect(body.items[0]).not.toHaveProperty('highlight');
    },
  );

  test('is refused if it is given twice', async () => {
    const { body } = await service.newUser().list('?search=a&search=b');
    expect(body).toMatchObject({ status: 400, errors: [{ path: 'query.search' }] });
  });

  test.each(['?!', '…', '"', '""', '-', ' - "', '&|!()', ':*', '<->'])(
    'finds nothing: %s',
    async (search) => {
      const user = await userWith('a', '?!');
      const response = await user.list(query(search));
      expect([response.status, titles(response)]).toEqual([200, []]);
    },
  );
});

describe('a search', () => {
  test('finds no notes of other users', async () => {
    await userWith('treasure');
    expect(await find(service.newUser(), 'treasure')).toEqual([]);
  });

  test.each([
    ['a word of the title', 'milk', ['Buy milk']],
    ['a word of the content', 'pancakes', ['Breakfast']],
    ['a tag', 'kitchen', ['Breakfast']],
    ['the last word as a prefix', 'pan', ['Breakfast']],
    ['no earlier word as a prefix', 'pan flour', []],
    ['no word as a suffix', 'cakes', []],
    ['all words in any field', 'kitchen flour breakfast', ['Breakfast']],
    ['nothing if only some words match', 'kitchen milk', []],
    ['either of two words', 'pancakes or milk', ['Breakfast', 'Buy milk']],
    ['either of a word and a prefix', 'pancakes or mil', ['Breakfast', 'Buy milk']],
    ['notes without a word', '-pancakes', ['Buy milk', 'Stops']],
    ['notes with one word and without another', 'flour -milk', ['Breakfast']],
    ['a phrase', '"flour and eggs"', ['Breakfast']],
    ['no phrase with its words in another order', '"eggs and flour"', []],
    ['no prefix in a phrase', '"flour and egg"', []],
    ['no prefix in an unclosed phrase', '"flour and egg', []],
    ['notes without a phrase', '-"flour and eggs"', ['Buy milk', 'Stops']],
    ['no negated word as a prefix', 'breakfast -pan', ['Breakfast']],
    ['the word after a free-standing hyphen', 'breakfast - kitchen', ['Breakfast']],
    ['common words, without a stop-word list', 'the and of', ['Stops']],
  ])('finds %s', async (_what, search, found) => {
    const user = await userWith(
      'Buy milk',
      { title: 'Breakfast', content: 'Pancakes of flour and eggs', tags: ['Kitchen'] },
      { title: 'Stops', content: 'the of and' },
    );
    expect(await find(user, search)).toEqual(found);
  });

  test.each([
    ['Café', ['cafe', 'CAFÉ', 'cafe\u0301', 'caf', '"café"']],
    ['cafe\u0301', ['cafe', 'café']],
    ['Cafe', ['café', 'CAFE\u0301']],
    ['Straße', ['strasse', 'STRASSE', 'straß']],
    ['Œuvre', ['oeuvre', 'œuv']],
    ['Łódź', ['lodz']],
    ['Příliš žluťoučký kůň', ['prilis kun', '"zlutoucky kun"']],
    ['ΑΘΉΝΑ', ['αθηνα', 'Αθήνα']],
    ['Ёлка', ['елка', 'ЁЛ']],
    ['東京タワー', ['東京', '東京タワー']],
    ['naïve2é', ['naive2e']],
    ['ΓΙΩΡΓΟΣ', ['γιωργος', 'γιωργοσ', 'Γιώργος', 'γιωργο']],
    ['Ge\u00adsamt\u00adkonzept', ['gesamtkonzept', 'Gesamt', 'ge\u00adsamt\u00adkonzept', 'gesamt\u00ad']],
    ['it’s Hawaiʻi', ["it's", 'it‘s', 'it´s', 'it`s', 'itʼs', 'it＇s', "hawai'i", 'its hawaii or hawai’i']],
    ['l’été', ['été', 'ete', "l'ete"]],
    ['السَّلامُ عليـــكم', ['السلام', 'عليكم', 'السَّلام']],
    ['שָׁלוֹם צה״ל', ['שלום', 'צה"ל', 'צה”ל', 'צה']],
    ['ＦＵＬＬ　ｗｉｄｔｈ ４２', ['full width', '42', 'ｗｉｄ']],
    ['ﬁnance ٣٤', ['finance', 'fin', '34', '۳۴']],
    ['ﾊﾟｿｺﾝ', ['パソコン', 'パソ', 'ハ\u309aソコン']],
    ['한글', ['\u1112\u1161\u11ab\u1100\u1173\u11af', '한']],
  ])('ignores accents, case, forms and format characters: %s', async (title, searches) => {
    const user = await userWith(title);
    for (const search of searches) expect([search, await find(user, search)]).toEqual([search, [title]]);
  });

  test.each([
    ['see src/notes/search.ts', ['search', 'notes/search', 'search.t', '"src/notes"', 'src notes']],
    ['end.Next', ['next', 'end']],
    ['joe@example.com', ['joe', 'example', 'joe@example.com', 'joe@exam']],
    ['https://example.org/a?b=1&c=2', ['example.org', 'https://example.org/a?b=1&c=2', 'org']],
    ['a well-known co-op', ['known', 'well-known', 'co-op', 'well-kno', '"well-known co-op"']],
    ['R&D', ['r&d', 'R&D']],
    ['List<String> of <b>', ['string', 'List<String>', 'b', '<b>']],
    ['on 2026-11-24 at -5 and 1.5', ['2026-11-24', '2026-11', '24', '"-5 and"', '1.5']],
    ["do not, don’t, don't", ["don't", 'don’t', 'don']],
    ['C++ & C#', ['c++', 'C#', 'c']],
  ])('finds the words of %s', async (title, searches) => {
    const user = await userWith(title);
    for (const search of searches) expect([search, await find(user, search)]).toEqual([search, [title]]);
  });

  test.each(['-(a b) \u0301', '--a.b \u0301', '-"a b" \u{1e030}', '"a b" \u0301', '-a.b \u{323b0}'])(
    'answers a search whose end only looks like a word: %s',
    async (search) => {
      const user = await userWith('a b');
      expect((await user.list(query(search))).status).toBe(200);
    },
  );

  test.each(
    ['-', '- ', '-? ', '-a ', '--a ', '-"a b" ', '-""', '-! ', '-"? '].flatMap((piece) =>
      [32, 33, 500, 1_000].map((times) => [times, piece] as const),
    ),
  )('answers %i repetitions of "%s", alone and next to a word', async (times, piece) => {
    const user = await userWith('b', 'c');
    expect((await user.list(query(piece.repeat(times)))).status).toBe(200);
    expect((await user.list(query(`${piece.repeat(times)}b`))).status).toBe(200);
    expect((await user.list(query(`b ${piece.repeat(times)}`))).status).toBe(200);
  });

  test('excludes the word or phrase that a hyphen touches, and ignores every other hyphen', async () => {
    const user = await userWith('b', 'c');
    for (const search of ['-b', '‐b', '‑b', '−b', '－b', '﹣b', '-? -b', '-(b)', '- -b', '-"b"', '-“b”'])
      expect([search, await find(user, search)]).toEqual([search, ['c']]);
    for (const search of ['- b', '- - b', '--b', '---b', '——b', '—b', '–b', `${'-'.repeat(500)} b`])
      expect([search, await find(user, search)]).toEqual([search, ['b']]);
    for (const search of ['b -', 'b --', 'b - ? -', '"-b"', '(-b'])
      expect([search, await find(user, search)]).toEqual([search, ['b']]);
  });

  test('reads operators also beside invisible characters', async () => {
    const user = await userWith('b', 'c');
    for (const search of ['\u200b-b', '\u00ad-b', '-\u2060b', '\u202a-b\u202c', '-\u2060"b"', '\ufeff-b'])
      expect([search, await find(user, search)]).toEqual([search, ['c']]);
    for (const search of ['b o\u00adr c', 'b \u200bor c', 'b OR\u200b c'])
      expect([search, await find(user, search)]).toEqual([search, ['b', 'c']]);
  });

  test('finds phrases of a long note where they stand, and excludes exactly what it finds', async () => {
    const user = await userWith({
      title: 'diary',
      content: `${'the dog ran. the cat slept. '.repeat(140)} red house`,
    });
    for (const [phrase, found] of [
      ['"red house"', ['diary']],
      ['"house red"', []],
      ['"cat dog"', []],
      ['"the dog"', ['diary']],
    ] as const) {
      expect([phrase, await find(user, phrase)]).toEqual([phrase, found]);
      expect([phrase, await find(user, `dog -${phrase}`)]).toEqual([
        phrase,
        found.length > 0 ? [] : ['diary'],
      ]);
    }
  });

  test('finds words beside a trademark sign', async () => {
    const user = await userWith('Nespresso™ Machine');
    for (const search of ['nespresso machine', '"nespresso machine"', 'nespresso™'])
      expect([search, await find(user, search)]).toEqual([search, ['Nespresso™ Machine']]);
  });

  test('finds a title that is pasted, whatever punctuation it contains', async () => {
    const user = await userWith('Apple Pie', 'Apple Tart', 'Cherry Pie');
    const separators = [
      ' - ',
      ' – ',
      ' — ',
      ' − ',
      ' ‐ ',
      ' ― ',
      ' ⸺ ',
      '-',
      '--',
      ' －－ ',
      ' · ',
      ' | ',
      ' & ',
      ' / ',
    ];
    const pairs = [' -> ', '\u00a0- ', '\t-\n', ' • ', ' --', ': ', '! '];
    const pasted = [
      ...[...separators, ...pairs].map((separator) => `Apple${separator}Pie`),
      '- Apple Pie',
      'Apple Pie -',
      'or Apple Pie',
      'Apple Pie or',
      '\ufeffApple - Pie',
      '(Apple) [Pie]',
      '“Apple” Pie',
      '„Apple Pie“',
      '«Apple» Pie',
      '"Apple" Pie',
      'Apple "Pie',
      'Apple” Pie',
      '‘Apple’ Pie',
      '『Apple』 Pie',
      '‹Apple› Pie',
      'Apple “Pie',
    ];
    for (const title of pasted) expect([title, await find(user, title)]).toEqual([title, ['Apple Pie']]);
  });

  test.each([
    ['“flour and eggs”', ['a']],
    ['„flour and eggs“', ['a']],
    ['«flour and eggs»', ['a']],
    ['＂flour and eggs＂', ['a']],
    ['“eggs and flour”', []],
    ['eggs -“flour and eggs”', ['b']],
  ])('takes typographic quotes as quotes: %s', async (search, found) => {
    const user = await userWith(
      { title: 'a', content: 'flour and eggs' },
      { title: 'b', content: 'eggs, flour' },
    );
    expect(await find(user, search)).toEqual(found);
  });

  test('ignores NUL characters, lone surrogates and everything after 1,000 characters', async () => {
    const user = await userWith('needle');
    expect(await find(user, 'nee\0dle')).toEqual(['needle']);
    expect(titles(await user.list('?search=nee%ED%A0%80dle'))).toEqual(['needle']);
    const spaces = (count: number) => ' '.repeat(count);
    expect(await find(user, `needle${spaces(993)}haystack`)).toEqual([]);
    expect(await find(user, `needle${spaces(994)}haystack`)).toEqual(['needle']);
    expect(await find(user, `needle ${'\u{10b39}'.repeat(1_100)}`)).toEqual(['needle']);
  });

  test.each(['caf or', 'Cafe OR ', 'cafe or or', 'or caf', '"cafe" or', 'or cafe or'])(
    'ignores an "or" without a word on both sides: %s',
    async (search) => {
      expect(await find(await userWith('Café', 'other'), search)).toEqual(['Café']);
    },
  );

  test.each([
    ['or', ['either or', 'orange']],
    ['or or', ['either or', 'orange']],
    ['"either or', ['either or']],
    ['orange or either', ['either or', 'orange']],
    ['either orange', []],
  ])('distinguishes the operator "or" from the word: %s', async (search, found) => {
    expect(await find(await userWith('either or', 'orange'), search)).toEqual(found);
  });

  test('ignores everything after 50 words', async () => {
    const user = await userWith('needle');
    const needles = (count: number) => 'needle '.repeat(count);
    expect(await find(user, `${needles(49)}haystack`)).toEqual([]);
    expect(await find(user, `${needles(50)}haystack`)).toEqual(['needle']);
    expect(await find(user, `${needles(50)}-needle`)).toEqual(['needle']);
    expect(await find(user, `${needles(49)}or haystack`)).toEqual(['needle']);
    expect(await find(user, `"${needles(50)}`)).toEqual([]);
    // PostgreSQL treats these as letters, Unicode as symbols.
    const circled = await userWith('Ⓐ');
    expect(await find(circled, `${'Ⓐ '.repeat(49)}haystack`)).toEqual([]);
    expect(await find(circled, `${'Ⓐ '.repeat(50)}haystack`)).toEqual(['Ⓐ']);
  });

  test.each(['-Ⓐ', '-Ⓐ -x', '-\u093e -Ⓐ'])('applies a negation of symbols and marks: %s', async (search) => {
    const user = await userWith('Ⓐ', 'b');
    expect(await find(user, search)).toEqual(['b']);
  });

  test('finds a changed note at once', async () => {
    const user = service.newUser();
    const { body: note } = await user.create({ title: 'a', content: 'before' });
    await user.patch(note.id, { content: 'after', tags: ['fresh'] });
    expect(await find(user, 'before')).toEqual([]);
    expect(await find(user, 'after fresh')).toEqual(['a']);
    await user.remove(note.id);
    expect(await find(user, 'after')).toEqual([]);
  });

  test('can be counted and combined with filters', async () => {
    const user = await userWith(
      { title: 'one', content: 'word', tags: ['x'] },
      { title: 'two', content: 'word', pinned: true },
      { title: 'three', content: 'word', archived: true },
    );
    expect((await user.list(`${query('word')}&total=true&limit=1`)).body.page.total).toBe(2);
    expect(titles(await user.list(`${query('word')}&tag=x`))).toEqual(['one']);
    expect(titles(await user.list(`${query('word')}&pinned=true`))).toEqual(['two']);
    expect(titles(await user.list(`${query('word')}&archived=true`))).toEqual(['three']);
  });

  test.each([
    ["'; drop table notes; --", 'drop'],
    ["' or 1=1 --", 'or'],
    ["\\' || (select 1) || '", 'select'],
    ["'foo':* & !'bar'", 'foo'],
  ])('treats SQL as text: %s', async (search, word) => {
    const user = await userWith(word, 'other');
    expect((await user.list(query(search))).status).toBe(200);
    expect(await find(user, 'other')).toEqual(['other']);
  });
});

describe('relevance', () => {
  test('ranks a title above a tag and a tag above the content', async () => {
    const user = await userWith(
      { title: 'third', content: 'the word is here' },
      { title: 'word' },
      { title: 'second', tags: ['word'], content: 'nothing of it here' },
    );
    const response = await user.list(query('word'));
    expect(titles(response)).toEqual(['word', 'second', 'third']);
    const ranks = response.body.items.map(({ rank }: { rank: number }) => rank);
    expect(ranks).toEqual(ranks.toSorted((a: number, b: number) => b - a));
    expect(new Set(ranks).size).toBe(3);
  });

  test('does not rank a note higher because it is longer', async () => {
    const user = await userWith(
      { title: 'short', content: 'a word' },
      { title: 'long', content: `a word ${'and more '.repeat(500)}` },
    );
    expect(titles(await user.list(query('word')))).toEqual(['short', 'long']);
  });

  test('is the default sort, and another sort replaces it', async () => {
    const user = await userWith({ title: 'b word' }, { title: 'a', content: 'word' });
    expect(titles(await user.list(`${query('word')}&sort=title`))).toEqual(['a', 'b word']);
    expect(titles(await user.list(`${query('word')}&sort=relevance`))).toEqual(['b word', 'a']);
  });

  test('ranks by the wanted words, not by the negated ones', async () => {
    const user = await userWith(
      { title: 'wanted one', content: 'nothing else' },
      { title: 'other', content: 'wanted, and one of the denied' },
    );
    const response = await user.list(query('wanted -"denied one" -nowhere'));
    expect(titles(response)).toEqual(['wanted one', 'other']);
    const alone = await user.list(query('"wanted"'));
    const ranks = ({ body }: Answer) => body.items.map(({ rank }: { rank: number }) => rank);
    expect(ranks(response)).toEqual(ranks(alone));
  });

  test('is zero for a search of negated words only', async () => {
    const user = await userWith('a', 'b');
    const { body } = await user.list(query('-c -"d e"'));
    expect(body.items.map(({ rank }: { rank: number }) => rank)).toEqual([0, 0]);
  });

  test('orders all pages without gap or repeat', async () => {
    const user = await userWith(
      ...Array.from({ length: 9 }, (_, i) => `${'word '.repeat(i % 3)} other ${i}`),
    );
    const seen = await titlesOnAllPages(user, 'search=word%20or%20other', { limit: 2 });
    expect(seen).toEqual(titles(await user.list(query('word or other'))));
    expect(seen).toHaveLength(9);
  });

  test.each(['?sort=relevance', '?sort=relevance&search=', '?sort=relevance&search=%20'])(
    'is refused without a search: %s',
    async (list) => {
      const { body } = await service.newUser().list(list);
      expect(body).toMatchObject({ status: 400, errors: [{ path: 'query.sort' }] });
    },
  );
});

describe('a highlight', () => {
  const highlightOf = ({ body }: Answer) => body.items[0].highlight;

  async function highlighted(note: object, search: string) {
    return highlightOf(await (await userWith(note)).list(query(search)));
  }

  test('marks matches in the whole title and in fragments of the content', async () => {
    const filler = 'nothing to see here '.repeat(50);
    const { title, content } = await highlighted(
      { title: 'My café list', content: `${filler}the Café around the corner ${filler}` },
      'cafe',
    );
    expect(title).toBe('My <mark>café</mark> list');
    expect(content).toMatch(/the <mark>Café<\/mark> around the corner/);
    expect(content.length).toBeLessThan(400);
  });

  test('marks a word found by a prefix', async () => {
    expect(await highlighted({ title: 'Pancakes' }, 'pan')).toEqual({
      title: '<mark>Pancakes</mark>',
      content: '',
    });
  });

  test('shows the beginning of a content without a match', async () => {
    const { content } = await highlighted({ title: 'word', content: 'something else' }, 'word');
    expect(content).toBe('something else');
  });

  test.each([
    ['Ge\u00adsamt\u00adkonzept neu', 'gesamtkonzept', '<mark>Ge\u00adsamt\u00adkonzept</mark> neu'],
    ['the cafe\u0301\u200b, there', 'café', 'the <mark>cafe\u0301\u200b</mark>, there'],
    ['ﬁnance & Ⅷ', 'finance viii', '<mark>ﬁnance</mark> &amp; <mark>Ⅷ</mark>'],
    ['so it’s <b>x', "it's", 'so <mark>it’s</mark> &lt;b&gt;x'],
    ['in 1½ h', '2', 'in 1<mark>½</mark> h'],
    ['ΓΙΏΡΓΟΣ\u0001Σ', 'γιωργος', '<mark>ΓΙΏΡΓΟΣ</mark>\u0001Σ'],
    ['a\u000f<mark>\u0010b word', 'word', 'a\u000f&lt;mark&gt;\u0010b <mark>word</mark>'],
    ['السَّلامُ عليكم', 'السلام', '<mark>السَّلامُ</mark> عليكم'],
    ['ﾊﾟｿｺﾝ 한\u11ab', 'パソコン', '<mark>ﾊﾟｿｺﾝ</mark> 한\u11ab'],
    ['\u1112\u1161\u11ab \ufdfa', '한', '<mark>\u1112\u1161\u11ab</mark> \ufdfa'],
    ['word “x” … «y» ¨ 😀 z', 'word', '<mark>word</mark> “x” … «y» ¨ 😀 z'],
    ['\u202Eword\u202C x', 'word', '<mark>\u202Eword\u202C</mark> x'],
    ['İstanbul 𐐀𐐁', 'istanbul 𐐨𐐩', '<mark>İstanbul</mark> <mark>𐐀𐐁</mark>'],
  ])('marks the words of %j as they are written', async (text, search, expected) => {
    expect(await highlighted({ title: text, content: text }, search)).toEqual({
      title: expected,
      content: expected,
    });
  });

  test('joins two fragments of a content whose characters change their length', async () => {
    const filler = 'ﬁller Ⅷ '.repeat(60);
    const { content } = await highlighted(
      { title: 'a', content: `${filler}ﬁrst ${filler}se\u00adcond ${filler}` },
      'first second',
    );
    const [first, second, ...others] = content.split(' … ');
    expect(first).toContain('ﬁller Ⅷ <mark>ﬁrst</mark> ﬁller Ⅷ');
    expect(second).toContain('ﬁller Ⅷ <mark>se\u00adcond</mark> ﬁller Ⅷ');
    expect(others).toEqual([]);
  });

  test('finds a match at the end of the longest note', async () => {
    const content = `${'filler '.repeat(14_000)}needle`;
    expect((await highlighted({ title: 'a', content }, 'needle')).content).toContain('<mark>needle</mark>');
  });

  test('escapes the text of the note', async () => {
    const text = `a <script>alert("x")</script> & 'word' <b>word</b> &lt; <mark>forged</mark> z`;
    const escaped =
      'a &lt;script&gt;alert(&quot;x&quot;)&lt;/script&gt; &amp; &#39;<mark>word</mark>&#39; ' +
      '&lt;b&gt;<mark>word</mark>&lt;/b&gt; &amp;lt; &lt;mark&gt;forged&lt;/mark&gt; z';
    expect(await highlighted({ title: text, content: text }, 'word')).toEqual({
      title: escaped,
      content: escaped,
    });
  });

  test('contains no mark or HTML that a note forges with any character', async () => {
    const forgeries = [
      '\u0002mark\u0003 word \u0002/mark\u0003',
      '\u0002\u0002script\u0003 word',
      '</mark> word <mark>',
      'StartSel=<i> word',
      '&#60;mark&#62; word',
    ];
    for (const forgery of forgeries) {
      const { title } = await highlighted({ title: forgery, content: forgery }, 'word');
      expect(title.replace('<mark>word</mark>', '')).not.toMatch(/[<>]/);
      expect(title).toContain('<mark>word</mark>');
    }
  });

  test('keeps paths, addresses and tags unchanged', async () => {
    const title = 'word a/b.c+d-e@f <x>';
    expect((await highlighted({ title }, 'word')).title).toBe('<mark>word</mark> a/b.c+d-e@f &lt;x&gt;');
  });

  test('does not confuse control characters of a note with hidden characters', async () => {
    const controls = Array.from({ length: 31 }, (_, i) => String.fromCodePoint(i + 1));
    const title = controls.map((control, i) => `${control}w${i}`).join('');
    const highlight = await highlighted({ title: `word ${title}`, content: '' }, 'word');
    expect(highlight.title.replaceAll(/[\0-\x20]/g, ' ')).toBe(
      `<mark>word</mark> ${title.replaceAll(/[\0-\x20]/g, ' ')}`,
    );
  });

  test.each(['', 'x'])('cuts no surrogate pair in half after "%s"', async (prefix) => {
    const user = service.newUser();
    const content = `${prefix}${'😀'.repeat(50_000)}`;
    for (let i = 0; i < 3; i++) await user.create({ title: 'word', content });
    const { body } = await user.list(query('word or '.repeat(50)));
    const contents = body.items.map(({ highlight }: { highlight: { content: string } }) => highlight.content);
    expect(contents).toHaveLength(3);
    for (const text of contents) {
      expect(text.isWellFormed()).toBe(true);
      expect(text).not.toContain('\ufffd');
      expect(content.startsWith(text)).toBe(true);
    }
    expect(contents[2]).toHaveLength(200 - prefix.length);
  });

  test('is without marks for text beyond the work budget of a page', async () => {
    const user = service.newUser();
    const content = 'a b c d e '.repeat(10_000);
    for (let i = 0; i < 11; i++) await user.create({ title: `a b c d e ${i}`, content });
    const response = await user.list(query('a b c d e '.repeat(99)));
    expect(response.status).toBe(200);
    expect(response.body.items[0].highlight.title).toContain('<mark>a</mark>');
    expect(response.body.items[10].highlight).toEqual({
      title: expect.stringContaining('<mark>a'),
      content: content.slice(0, 200),
    });
  });
});

describe('a run of characters that dictionaries make longer', () => {
  test('is found by its whole length and highlighted as written', async () => {
    const long = 'Ⅷ'.repeat(900);
    const user = await userWith(
      { title: 'a', content: `see ${long}` },
      { title: 'b', content: 'Ⅷ'.repeat(400) },
    );
    const response = await user.list(query(long));
    expect(titles(response)).toEqual(['a']);
    const { content } = response.body.items[0].highlight;
    expect(content).toMatch(/<mark>Ⅷ{50}/);
    expect(`see ${long}`).toContain(content.replaceAll(/<.?mark>/g, ''));
  });

  test('marks a part of a run in a script without spaces', async () => {
    const user = await userWith({ title: 'a', content: '日本語。東京タワー、'.repeat(500) });
    expect(await find(user, '"東京タワー"')).toEqual(['a']);
    const { body } = await user.list(query('東京'));
    expect(body.items[0].highlight.content).toContain('<mark>東京</mark>タワー、日本語');
  });
});

describe('a run of a script without spaces', () => {
  const runs = {
    Chinese: '中华人民共和国',
    Japanese: '東京タワーの夜景',
    Korean: '서울대학교도서관',
    Thai: 'น้ำท่วมเชียงใหม่',
    Lao: 'ສະບາຍດີຊາວໂລກ',
    Khmer: 'ភាសាខ្មែរ',
    Burmese: 'မြန်မာဘာသာ',
  };
  const titlesOfRuns = Object.values(runs);
  let user: User;
  beforeAll(async () => {
    user = await userWith(...titlesOfRuns);
  });

  test.each(Object.entries(runs))('is found by each of its parts: %s', async (language, run) => {
    const characters = Array.from(new Intl.Segmenter().segment(run), ({ segment }) => segment);
    const parts = characters.flatMap((_, start) =>
      [1, 2, 4].map((length) => characters.slice(start, start + length).join('')),
    );
    for (const part of new Set(parts))
      expect([language, part, await find(user, part)]).toEqual([
        language,
        part,
        titlesOfRuns.filter((title) => title.includes(part)).toSorted(),
      ]);
  });

  test('is not found by its characters in another order or with others left out', async () => {
    for (const search of ['民人', '中人', '華人', 'タ東京', '東タワー', '서대', '"中华 共和国"'])
      expect([search, await find(user, search)]).toEqual([search, []]);
  });

  test('is found by some of its parts in any order, and not if one of them is excluded', async () => {
    for (const search of ['共和 中华', '国 人', '"人民" 中'])
      expect([search, await find(user, search)]).toEqual([search, ['中华人民共和国']]);
    expect(await find(user, '中 -人民')).toEqual([]);
    expect(await find(user, '中 -民人')).toEqual(['中华人民共和国']);
    expect(await find(user, '共和 or 夜景')).toEqual(['中华人民共和国', '東京タワーの夜景'].toSorted());
  });

  test.each([
    ['用Docker部署nginx服务器', ['docker', '部署', 'Docker部署', '署nginx服', '用d', 'ｎｇｉｎｘ服务']],
    ['iPhone15プロの設定', ['iphone', '15プロ', 'プロ', 'iphone15', '15']],
    ['KTX로 서울역', ['ktx', 'ktx로', '서울', '역', 'ktx로 서울']],
    ['ติดตั้งDockerและDNS', ['ตั้งdocker', 'และ', 'และdns', 'dns']],
    ['味噌 汁、豆腐', ['味噌', '汁', '"味噌 汁"', '汁 味']],
  ])('is found by its parts beside letters, digits and punctuation: %s', async (title, searches) => {
    const mixed = await userWith(title, 'other');
    for (const search of searches) expect([search, await find(mixed, search)]).toEqual([search, [title]]);
  });

  test('is found near the end of the longest note', async () => {
    const filler = '天地玄黄宇宙洪荒'.repeat(12_499);
    const long = await userWith({ title: 'long', content: `${filler}昃辰宿列` });
    const { body } = await long.list(query('洪荒昃辰'));
    expect(body.page.mode).toBe('exact');
    expect(body.items[0].highlight.content).toContain('<mark>洪荒昃辰</mark>');
    expect(await find(long, '昃宿')).toEqual([]);
  });

  test.each([
    ['東京タワー', '京', '東<mark>京</mark>タワー'],
    ['東京タワー', 'タワ', '東京<mark>タワ</mark>ー'],
    ['東京タワー', 'ワー', '東京タ<mark>ワー</mark>'],
    ['東京タワー', '東京 タワー', '<mark>東京タワー</mark>'],
    ['東京都京都', '京都', '東<mark>京都京都</mark>'],
    ['ﾊﾟｽﾜｰﾄﾞ & <b>', 'ワード', 'ﾊﾟｽ<mark>ﾜｰﾄﾞ</mark> &amp; &lt;b&gt;'],
    ['用Docker部署', 'docker部', '用<mark>Docker部</mark>署'],
    ['น้ำท่วม', 'ท่วม', 'น้ำ<mark>ท่วม</mark>'],
    ['서울대학교', '대학', '서울<mark>대학</mark>교'],
  ])('is marked where a part of it matches: %s, %s', async (title, search, expected) => {
    const { body } = await (await userWith(title)).list(query(search));
    expect(body.items[0].highlight.title).toBe(expected);
  });
});

describe('a letter that people write in two ways', () => {
  let user: User;
  const notes = ['Müller', 'Mueller', 'Muller', 'Straße', 'Bjørn Åse', 'Überprüfungsgebühr für Öl', 'Moller'];
  beforeAll(async () => {
    user = await userWith(...notes);
  });

  test.each([
    ['Müller', ['Mueller', 'Muller', 'Müller']],
    ['MÜLLER', ['Mueller', 'Muller', 'Müller']],
    ['Mu\u0308ller', ['Mueller', 'Muller', 'Müller']],
    ['Mueller', ['Mueller', 'Müller']],
    ['Muller', ['Muller', 'Müller']],
    ['muel', ['Mueller', 'Müller']],
    ['mull', ['Muller', 'Müller']],
    ['mü', ['Mueller', 'Muller', 'Müller']],
    ['"mueller"', ['Mueller', 'Müller']],
    ['Strasse', ['Straße']],
    ['STRASSE', ['Straße']],
    ['STRAẞE', ['Straße']],
    ['bjoern', ['Bjørn Åse']],
    ['bjorn aase', ['Bjørn Åse']],
    ['"bjoern ase"', ['Bjørn Åse']],
    ['ueberpruefungsgebuehr', ['Überprüfungsgebühr für Öl']],
    ['uberprufungsgebuhr', ['Überprüfungsgebühr für Öl']],
    ['"fuer oel"', ['Überprüfungsgebühr für Öl']],
    ['"gebühr für öl"', []],
    ['oel fur', ['Überprüfungsgebühr für Öl']],
  ])('is found as %s', async (search, found) => {
    expect(await find(user, search)).toEqual(found);
  });

  test('is excluded in both ways', async () => {
    const without = (...excluded: string[]) => notes.filter((note) => !excluded.includes(note)).toSorted();
    expect(await find(user, '-mueller')).toEqual(without('Müller', 'Mueller'));
    expect(await find(user, '-müller')).toEqual(without('Müller', 'Mueller', 'Muller'));
  });

  test.each([
    ['Frau Müller kommt', 'mueller', 'Frau <mark>Müller</mark> kommt'],
    ['Frau Mueller kommt', 'müller', 'Frau <mark>Mueller</mark> kommt'],
    ['Frau Mu\u0308ller kommt', '"frau mueller"', '<mark>Frau Mu\u0308ller</mark> kommt'],
    ['die Große Straße', 'grosse strass', 'die <mark>Große</mark> <mark>Straße</mark>'],
  ])('is marked as it is written: %s, %s', async (title, search, expected) => {
    const { body } = await (await userWith(title)).list(query(search));
    const marked = body.items[0].highlight.title.replaceAll('</mark> <mark>', ' ');
    expect(marked).toBe(expected.replaceAll('</mark> <mark>', ' '));
  });

  test('is found in Turkish with and without dots', async () => {
    const title = 'İstanbul ISPARTA ılık';
    const turkish = await userWith(title, 'other');
    for (const search of [
      'istanbul',
      'ISTANBUL',
      'İSTANBUL',
      'ıstanbul',
      'ısparta',
      'İsparta',
      'ılık',
      'ilik',
      'ILIK',
      'IL',
    ])
      expect([search, await find(turkish, search)]).toEqual([search, [title]]);
  });
});

describe('a word of several parts', () => {
  test.each([
    [
      'maria.lopez@studio-norte.example',
      [
        'maria',
        'lopez',
        'studio',
        'norte',
        'maria.lopez',
        'lopez@studio',
        '@studio-norte',
        'example',
        'MARIA.LOPEZ@STUDIO-NORTE.EXAMPLE',
        '<maria.lopez@studio-norte.example>',
      ],
    ],
    [
      'https://docs.example.org/guide/getting-started?lang=de#first-steps',
      [
        'docs.example.org',
        'guide',
        'getting-started',
        'started',
        'lang=de',
        'first steps',
        'https://docs.example.org/guide',
        'example.org/guide/get',
      ],
    ],
    [
      'covid19 B2B 3.14 v24.3.0',
      ['covid19', 'covid-19', 'covid 19', '19', 'b2b', '2b', '3.14', '14', '24.3', 'v24', '"b2b 3.14"'],
    ],
    [
      'INV-2024-0042',
      ['inv', '2024', '0042', 'inv-2024', '2024-0042', 'INV 2024 0042', 'inv2024', 'inv-2024-00'],
    ],
    ['192.168.0.1 and 2001:db8::42', ['192.168', '168.0.1', '192.168.0.1', 'db8::42', '2001:db8']],
    [
      'order_items and std::vector<int>',
      ['order_items', 'items', 'order items', 'std::vector', 'vector<int>', 'int'],
    ],
  ])('is found by its parts: %s', async (title, searches) => {
    const user = await userWith(title, 'other');
    for (const search of searches) expect([search, await find(user, search)]).toEqual([search, [title]]);
  });

  test.each([
    ['maria.lopez@example.org', ['lopez.maria', 'maria@example', 'lopez@org']],
    ['INV-2024-0042', ['INV-0042', '2024-42', '"0042 2024"', 'inv-2024-0043']],
    ['192.168.0.17', ['192.168.17', '168.192', '192.168.1']],
  ])('is not found by parts that are not side by side: %s', async (title, searches) => {
    const user = await userWith(title);
    for (const search of searches) expect([search, await find(user, search)]).toEqual([search, []]);
  });

  test('may be a symbol or emoji', async () => {
    const title = 'Trip 🎉 to 👩‍🍳 ❤️ €5 → ☀';
    const user = await userWith(title, 'Trip');
    for (const search of ['🎉', '👩‍🍳', '❤', '❤️', '€5', '€', '→', '☀️', 'trip 🎉', '"trip 🎉"'])
      expect([search, await find(user, search)]).toEqual([search, [title]]);
    expect(await find(user, 'trip -🎉')).toEqual(['Trip']);
    const { body } = await user.list(query('🎉'));
    expect(body.items[0].highlight.title).toContain('<mark>🎉</mark>');
  });
});

describe('the highlights of random texts', () => {
  const wordOf = /[\p{L}\p{M}\p{N}]+/gu;
  const textOf = (html: string) =>
    html
      .replaceAll(/<\/?mark>/g, '')
      .replaceAll('&lt;', '<')
      .replaceAll('&gt;', '>')
      .replaceAll('&quot;', '"')
      .replaceAll('&#39;', "'")
      .replaceAll('&amp;', '&');
  let database: pg.Client;
  beforeAll(async () => {
    database = new pg.Client({ connectionString: service.databaseUrl });
    await database.connect();
  });
  afterAll(() => database.end());

  /** The ways in which a text can be written after the fold. */
  async function foldsOf(text: string): Promise<string[]> {
    const { rows } = await database.query<{ folded: string }>('select notes_fold($1) as folded', [text]);
    const folded = rows[0]?.folded ?? '';
    // U+0001 precedes an optional letter.
    const [first = '', ...rest] = folded.split('\u0001');
    return [first + rest.map((part) => Array.from(part).slice(1).join('')).join(''), first + rest.join('')];
  }

  test('are the texts as they are written, and mark what was searched and nothing else', async () => {
    const texts = randomTexts({ seed: 20_261_127, count: 40 }).map((text) =>
      Array.from(text).slice(0, 200).join(''),
    );
    for (const text of texts) {
      const words = (text.match(wordOf) ?? []).filter((word) => !/^or$/i.test(word) && word.length < 100);
      const word = words[words.length >> 1];
      if (word === undefined) continue;
      const user = await userWith({ title: text, content: `${text} & <b>` });
      const { body } = await user.list(query(`"${word}"`));
      const [note] = body.items;
      expect([text, word, note !== undefined]).toEqual([text, word, true]);
      const { title, content } = note.highlight;
      expect([textOf(title), textOf(content)]).toEqual([text, `${text} & <b>`]);
      const marks = [...title.matchAll(/<mark>(.*?)<\/mark>/gsu)].map(([, marked = '']) => textOf(marked));
      const searched = await foldsOf(word);
      const isPart = async (marked: string) =>
        (await foldsOf(marked)).some((fold) => searched.some((part) => fold.includes(part)));
      expect([text, word, await Promise.all(marks.map(isPart))]).toEqual([text, word, marks.map(() => true)]);
      expect([text, word, marks.length > 0]).toEqual([text, word, true]);
      expect(title.replaceAll(/<\/?mark>|&(?:lt|gt|amp|quot|#39);/g, '')).not.toMatch(/[<>&]/);
    }
  });
});
