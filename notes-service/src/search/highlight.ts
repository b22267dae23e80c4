import { setImmediate } from 'node:timers/promises';
import { escapeHtml } from '@polyglot-notes/service-kit';
import { originOf, type FoldedText } from './folded-text.ts';
import { chooseFragments, type Fragment } from './fragments.ts';
import { createMatcher, type Match } from './matches.ts';
import type { Query } from './query.ts';
import { tokensOf, type Token } from './words.ts';

/** The highlighted fields of a note. In a highlight they are HTML in which `<mark>` is the only element. */
export interface Texts {
  title: string;
  content: string;
}

// The longest content takes tens of milliseconds to fold, split and search.
const budget = 1_000_000;

/**
 * Highlights the matches in some notes as they are written. Contents beyond the budget of a page are returned
 * unhighlighted, cut to their beginning. `fold` is called once.
 */
export async function highlight(
  query: Query,
  notes: Texts[],
  fold: (texts: string[]) => Promise<FoldedText[]>,
): Promise<Texts[]> {
  let charactersLeft = budget;
  const contents = notes.map(({ content }) => {
    const within = truncate(content, Math.max(0, charactersLeft));
    charactersLeft -= content.length;
    return within;
  });
  const folded = await fold([...notes.map(({ title }) => title), ...contents]);
  const highlighter = createHighlighter(query);
  const highlights: Texts[] = [];
  for (const [index, { title, content }] of notes.entries()) {
    const [foldedTitle, foldedContent] = [folded[index], folded[notes.length + index]];
    highlights.push({
      title: foldedTitle ? highlighter.whole(foldedTitle) : escapeHtml(title),
      content: foldedContent?.original ? highlighter.fragments(foldedContent) : beginningOf(content),
    });
    if (content.length > longContent) await setImmediate();
  }
  return highlights;
}

const longContent = 10_000;

export interface Highlighter {
  /** The whole text with marks. */
  whole(text: FoldedText): string;
  /** At most two fragments around matches, or the beginning if nothing matches. */
  fragments(text: FoldedText): string;
}

/** Marks the terms of a query, except negated ones, in texts as HTML. Takes time linear in a text. */
export function createHighlighter(query: Query): Highlighter {
  const find = createMatcher(query);
  return {
    whole(text) {
      return toHtml(text.original, [0, text.original.length], marksOf(text, find(tokensOf(text.folded))));
    },
    fragments(text) {
      const tokens = tokensOf(text.folded);
      const matches = find(tokens);
      if (matches.length === 0) return beginningOf(text.original);
      const fragments = chooseFragments(tokens, matches);
      const marked = matches.filter((match) =>
        fragments.some(({ first, last }) => match.first <= last && match.last >= first),
      );
      const marks = marksOf(text, marked);
      return merge(fragments.map((fragment) => originOfFragment(text, tokens, fragment)))
        .map((range) => toHtml(text.original, range, marks))
        .join(' … ');
    },
  };
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
  let [html, written] = ['', start];
  for (const mark of marks) {
    const [from, to] = [Math.max(mark[0], written), Math.min(mark[1], end)];
    if (from >= to) continue;
    html += `${escapeHtml(text.slice(written, from))}<mark>${escapeHtml(text.slice(from, to))}</mark>`;
    written = to;
  }
  return html + escapeHtml(text.slice(written, end));
}
