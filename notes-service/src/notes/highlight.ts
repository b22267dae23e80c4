import { escapeHtml } from '@polyglot-notes/service-kit';
import { Prisma } from '../../generated/prisma/client.ts';
import { countWords, tsquery, type Search } from './search.ts';

/** What of a note can be highlighted; as a highlight, HTML in which `<mark>` is the only element. */
export interface Texts {
  title: string;
  content: string;
}

const marks = 'StartSel=<mark>, StopSel=</mark>';
const wholeTitle = `${marks}, HighlightAll=true`;
const fragments = `${marks}, MaxFragments=2, MinWords=8, MaxWords=20, ShortWord=0, FragmentDelimiter=" … "`;

/** The headlines of some notes, in their order. `notes_plain` leaves no angle bracket but those of the marks. */
const headlinesSql = (search: Search, notes: Texts[]) => Prisma.sql`
  select ts_headline('notes', notes_plain(title), query, ${wholeTitle}) as title,
         ts_headline('notes', notes_plain(content), query, ${fragments}) as content
  from unnest(${notes.map(({ title }) => title)}::text[], ${notes.map(({ content }) => content)}::text[])
         with ordinality as notes (title, content, place),
       (select ${tsquery(search)} as query) as sought
  order by place`;

// At worst a headline costs some microseconds for each character, and a third of one more for each node of the query.
// So much of both keeps a page of the longest notes under two seconds.
const effort = 5_000_000;
const unmarkedLength = 200;

/**
 * Highlights what the search has found, in the order of the page; `read` runs the SQL. Of more text than that can be
 * done for, what is left shows its beginning without marks.
 */
export async function highlight(
  search: Search,
  notes: Texts[],
  read: (sql: Prisma.Sql) => Promise<Texts[]>,
): Promise<Texts[]> {
  const nodes = 2 * (countWords(search.text) + 1);
  let room = Math.floor(effort / (10 + nodes));
  const reached: Texts[] = [];
  for (const { title, content } of notes) {
    if (room <= 0) break;
    reached.push({ title, content: beginning(content, room) });
    room -= title.length + content.length;
  }
  const headlines = await read(headlinesSql(search, reached));
  return notes.map(({ title, content }, place) => {
    const marked = headlines[place];
    return marked
      ? { title: fromHeadline(marked.title), content: fromHeadline(marked.content) }
      : { title: escapeHtml(title), content: escapeHtml(beginning(content, unmarkedLength)) };
  });
}

/** At most so many UTF-16 units, without half of a character at the end. */
const beginning = (text: string, length: number) => text.slice(0, length).replace(/\p{Surrogate}$/u, '');

// In the order in which notes_plain numbers them.
const hidden = '&<>./-+@';
const cut = '\u000e';
const fromHeadline = (headline: string) =>
  headline
    .replaceAll(cut, '')
    .replaceAll(/["']/g, escapeHtml)
    // oxlint-disable-next-line no-control-regex
    .replaceAll(/[\u0001-\u0008]/g, (character) => escapeHtml(hidden.charAt(character.charCodeAt(0) - 1)));
