import { escapeHtml } from '@polyglot-notes/service-kit';
import { Prisma } from '../../generated/prisma/client.ts';
import { countWords, tsquery, type Search } from './search.ts';

/** The highlighted fields of a note. In a highlight they are HTML in which `<mark>` is the only element. */
export interface Texts {
  title: string;
  content: string;
}

const marks = 'StartSel=<mark>, StopSel=</mark>';
const titleOptions = `${marks}, HighlightAll=true`;
const contentOptions = `${marks}, MaxFragments=2, MinWords=8, MaxWords=20, ShortWord=0, FragmentDelimiter=" … "`;

// notes_plain removes the angle brackets of the notes.
export const headlinesSql = (search: Search, notes: Texts[]) => Prisma.sql`
  select ts_headline('notes', notes_plain(title), query, ${titleOptions}) as title,
         ts_headline('notes', notes_plain(content), query, ${contentOptions}) as content
  from unnest(${notes.map(({ title }) => title)}::text[], ${notes.map(({ content }) => content)}::text[])
         with ordinality as notes (title, content, place),
       (select ${tsquery(search)} as query) as search
  order by place`;

// In the worst case a headline costs some microseconds per character, and a third of one more for each node of the
// query. This budget keeps a page of the longest notes under two seconds.
const budget = 5_000_000;
const unhighlightedLength = 200;

/** Highlights the matches in some notes. Text beyond the budget is returned unhighlighted, cut to its beginning. */
export async function highlight(
  search: Search,
  notes: Texts[],
  readHeadlines: (search: Search, texts: Texts[]) => Promise<Texts[]>,
): Promise<Texts[]> {
  const nodes = 2 * (countWords(search.text) + 1);
  let charactersLeft = Math.floor(budget / (10 + nodes));
  const withinBudget: Texts[] = [];
  for (const { title, content } of notes) {
    if (charactersLeft <= 0) break;
    withinBudget.push({ title, content: truncate(content, charactersLeft) });
    charactersLeft -= title.length + content.length;
  }
  const headlines = await readHeadlines(search, withinBudget);
  return notes.map(({ title, content }, index) => {
    const headline = headlines[index];
    return headline
      ? { title: toHtml(headline.title), content: toHtml(headline.content) }
      : { title: escapeHtml(title), content: escapeHtml(truncate(content, unhighlightedLength)) };
  });
}

const truncate = (text: string, length: number) => text.slice(0, length).replace(/\p{Surrogate}$/u, '');

// In the order in which notes_plain numbers them.
const hiddenCharacters = '&<>./-+@';
const wordBreak = '\u000e';
const toHtml = (headline: string) =>
  headline
    .replaceAll(wordBreak, '')
    .replaceAll(/["']/g, escapeHtml)
    // oxlint-disable-next-line no-control-regex
    .replaceAll(/[\u0001-\u0008]/g, (code) => escapeHtml(hiddenCharacters.charAt(code.charCodeAt(0) - 1)));
