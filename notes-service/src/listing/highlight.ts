import { escapeHtml } from '@polyglot-notes/service-kit';
import { Prisma } from '../../generated/prisma/client.ts';
import { foldTexts, originOf, type FoldedText } from './folded-text.ts';
import { tsquery, type Search } from './search.ts';

/** The highlighted fields of a note. In a highlight they are HTML in which `<mark>` is the only element. */
export interface Texts {
  title: string;
  content: string;
}

export interface HighlightQueries {
  fold: (text: string) => Promise<string>;
  headlines: (search: Search, folded: Texts[]) => Promise<Texts[]>;
}

// Control characters, which a folded text does not contain.
const [startMark, endMark, fragmentDelimiter, wordBreak] = ['\u000f', '\u0010', '\u0011', '\u000e'];
const marks = `StartSel=${startMark}, StopSel=${endMark}`;
const titleOptions = `${marks}, HighlightAll=true`;
const contentOptions = `${marks}, MaxFragments=2, MinWords=8, MaxWords=20, ShortWord=0, FragmentDelimiter=${fragmentDelimiter}`;

export const headlinesSql = (search: Search, folded: Texts[]) => Prisma.sql`
  select ts_headline('simple', notes_plain(title), query, ${titleOptions}) as title,
         ts_headline('simple', notes_plain(content), query, ${contentOptions}) as content
  from unnest(${folded.map(({ title }) => title)}::text[], ${folded.map(({ content }) => content)}::text[])
         with ordinality as notes (title, content, place),
       (select ${tsquery(search)} as query) as search
  order by place`;

// In the worst case a headline costs some microseconds per character, and a third of one more for each node of the
// query. This budget keeps a page of the longest notes under two seconds.
const budget = 5_000_000;
const unhighlightedLength = 200;

/**
 * Highlights the matches in some notes as they are written. Text beyond the budget, and all text when there are no
 * headlines, is returned unhighlighted, cut to its beginning.
 */
export async function highlight(
  search: Search,
  notes: Texts[],
  { fold, headlines: readHeadlines }: HighlightQueries,
): Promise<Texts[]> {
  const nodes = 2 * (search.wordCount + 1);
  const characters = Math.floor(budget / (10 + nodes));
  const folded = await foldTexts(
    withinBudget(notes, characters).flatMap(({ title, content }) => [title, content]),
    fold,
  );
  const pairs = notes.flatMap((_note, index) => {
    const [title, content] = folded.slice(2 * index, 2 * index + 2);
    return title && content ? [{ title, content }] : [];
  });
  const headlines = await readHeadlines(
    search,
    // A fold can be longer than its text.
    withinBudget(
      pairs.map(({ title, content }) => ({ title: title.folded, content: content.folded })),
      characters,
    ),
  );
  return notes.map(({ title, content }, index) => {
    const [headline, pair] = [headlines[index], pairs[index]];
    return headline && pair
      ? { title: toHtml(headline.title, pair.title), content: toHtml(headline.content, pair.content) }
      : { title: escapeHtml(title), content: beginningOf(content) };
  });
}

/** The first texts that have this many characters together. The last content is cut. */
function withinBudget(texts: Texts[], characters: number): Texts[] {
  let charactersLeft = characters;
  const within: Texts[] = [];
  for (const { title, content } of texts) {
    if (charactersLeft <= 0) break;
    within.push({ title, content: truncate(content, charactersLeft) });
    charactersLeft -= title.length + content.length;
  }
  return within;
}

const truncate = (text: string, length: number) => text.slice(0, length).replace(/\p{Surrogate}$/u, '');
const beginningOf = (text: string) => escapeHtml(truncate(text, unhighlightedLength));

// In the order in which notes_plain numbers them.
const hiddenCharacters = '&<>./-+@';
const showHidden = (headline: string) =>
  headline
    .replaceAll(wordBreak, '')
    // oxlint-disable-next-line no-control-regex
    .replaceAll(/[\u0001-\u0008]/g, (code) => hiddenCharacters.charAt(code.charCodeAt(0) - 1));

/** The original text of a headline, as HTML. Each fragment of a headline is a part of the folded text. */
function toHtml(headline: string, text: FoldedText): string {
  if (text.folded === '') return beginningOf(text.original);
  let searchedUpTo = 0;
  const fragments = showHidden(headline)
    .split(fragmentDelimiter)
    .map((fragment) => {
      const pieces = fragment.split(startMark).map((piece) => piece.split(endMark));
      const plain = pieces.flat().join('');
      const start = text.folded.indexOf(plain, searchedUpTo);
      if (start < 0) return beginningOf(text.original);
      searchedUpTo = start + plain.length;
      return fragmentToHtml(pieces, text, start);
    });
  return fragments.join(' … ');
}

/** Each piece but the first starts with a marked word. */
function fragmentToHtml(pieces: string[][], text: FoldedText, start: number): string {
  const length = pieces.flat().join('').length;
  if (length === 0) return '';
  const [first, end] = originOf(text, start, start + length);
  let [html, place, written] = ['', start, first];
  for (const [index, piece] of pieces.entries()) {
    const marked = index === 0 ? '' : (piece[0] ?? '');
    if (marked !== '') {
      const [from, to] = originOf(text, place, place + marked.length);
      html += escapeHtml(text.original.slice(written, Math.max(written, from)));
      if (to > written)
        html += `<mark>${escapeHtml(text.original.slice(Math.max(written, from), to))}</mark>`;
      written = Math.max(written, to);
    }
    place += piece.join('').length;
  }
  return html + escapeHtml(text.original.slice(written, end));
}
