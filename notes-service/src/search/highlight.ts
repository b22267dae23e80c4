import { escapeHtml } from '@polyglot-notes/service-kit';
import { originOf, type FoldTexts, type FoldedText } from './folded-text.ts';
import { chooseFragments, type Fragment } from './fragments.ts';
import { createMatcher, type Match } from './matches.ts';
import { createPause } from './pause.ts';
import type { Query } from './query.ts';
import { tokensOf, type Token } from './words.ts';

/** The highlighted fields of a note. In a highlight they are HTML in which `<mark>` is the only element. */
export interface Texts {
  title: string;
  content: string;
}

// Characters of content that one page folds, splits and searches.
const budget = 300_000;

/**
 * Highlights the matches in some notes as they are written. Contents beyond the budget of a page are returned
 * unhighlighted, cut to their beginning. `fold` is called once.
 */
export async function highlight(query: Query, notes: Texts[], fold: FoldTexts): Promise<Texts[]> {
  let charactersLeft = budget;
  const contents = notes.map(({ content }) => {
    const within = truncate(content, Math.max(0, charactersLeft));
    charactersLeft -= content.length;
    return within;
  });
  const folded = await fold([...notes.map(({ title }) => title), ...contents]);
  const highlightTexts = createHighlighter(query);
  const pause = createPause();
  const highlights: Texts[] = [];
  for (const [index, note] of notes.entries()) {
    const [title, content] = [folded[index], folded[notes.length + index]];
    if (!title || !content) throw new Error('A text has no fold');
    const highlighted = highlightTexts(title, content);
    highlights.push(content.original ? highlighted : { ...highlighted, content: beginningOf(note.content) });
    await pause();
  }
  return highlights;
}

/**
 * Marks the terms of a query, except negated ones, as HTML: in the whole title of a note, and in at most two fragments of
 * its content. Without a match the fragment is the beginning. Takes time linear in the texts.
 */
export function createHighlighter(query: Query): (title: FoldedText, content: FoldedText) => Texts {
  const find = createMatcher(query);
  return (title, content) => {
    const [titleTokens, contentTokens] = [tokensOf(title.folded), tokensOf(content.folded)];
    const [titleMatches = [], contentMatches = []] = find([titleTokens, contentTokens]);
    return {
      title: toHtml(title.original, [0, title.original.length], marksOf(title, titleMatches)),
      content: fragmentsOf(content, contentTokens, contentMatches),
    };
  };
}

function fragmentsOf(text: FoldedText, tokens: Token[], matches: Match[]): string {
  if (matches.length === 0) return beginningOf(text.original);
  const fragments = chooseFragments(tokens, matches);
  const marked = matches.filter((match) =>
    fragments.some(({ first, last }) => match.first <= last && match.last >= first),
  );
  const marks = marksOf(text, marked);
  return merge(fragments.map((fragment) => originOfFragment(text, tokens, fragment)))
    .map((range) => toHtml(text.original, range, marks))
    .join(' … ');
}

const truncate = (text: string, length: number) => text.slice(0, length).replace(/\p{Surrogate}$/u, '');
const beginningOf = (text: string) => escapeHtml(truncate(text, 200));

type Range = [start: number, end: number];

/** The ranges of some matches in the original text. Ranges that touch become one. */
const marksOf = (text: FoldedText, matches: Match[]): Range[] =>
  merge(merge(matches.map(({ start, end }): Range => [start, end])).map((range) => originOf(text, ...range)));

function merge(ranges: Range[]): Range[] {
  const merged: Range[] = [];
  for (const [start, end] of ranges) {
    const previous = merged.at(-1);
    if (previous && start <= previous[1]) previous[1] = Math.max(previous[1], end);
    else merged.push([start, end]);
  }
  return merged;
}

const edgeLength = 40;

/** The range of a fragment in the original text, with what is before the first token and after the last one. */
function originOfFragment(text: FoldedText, tokens: Token[], { first, last }: Fragment): Range {
  const [start, end] = originOf(text, tokens[first]?.start ?? 0, tokens[last]?.end ?? 0);
  const { length } = text.original;
  const isBeginning = first === 0 && start <= edgeLength;
  const isEnd = last === tokens.length - 1 && length - end <= edgeLength;
  return [isBeginning ? 0 : start, isEnd ? length : end];
}

/** A range of a text as HTML with the parts of the marks inside it. */
function toHtml(text: string, [start, end]: Range, marks: Range[]): string {
  let html = '';
  let written = start;
  for (const [markStart, markEnd] of marks) {
    const from = Math.max(markStart, written);
    const to = Math.min(markEnd, end);
    if (from >= to) continue;
    html += `${escapeHtml(text.slice(written, from))}<mark>${escapeHtml(text.slice(from, to))}</mark>`;
    written = to;
  }
  return html + escapeHtml(text.slice(written, end));
}
