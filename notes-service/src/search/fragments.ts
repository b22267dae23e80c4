import type { Match } from './matches.ts';
import type { Token } from './words.ts';

/** The first and the last token of a part of a text. */
export interface Fragment {
  first: number;
  last: number;
}

// A fragment has about 20 words, or 80 characters of a script without spaces. Long words and gaps count more.
const [wordCost, runCost, maxCost] = [4, 1, 80];
const costlyCharacters = 16;

/** The cost of all tokens before each token. */
function costsOf(tokens: Token[]): number[] {
  const costs = [0];
  for (const [index, { isRun, start, end }] of tokens.entries()) {
    const length = (tokens[index + 1]?.start ?? end) - start;
    const cost = (isRun ? runCost : wordCost) + Math.floor(length / costlyCharacters);
    costs.push((costs[index] ?? 0) + cost);
  }
  return costs;
}

/** One or two fragments that have the most terms. The second prefers terms that the first does not have. */
export function chooseFragments(tokens: Token[], matches: Match[]): Fragment[] {
  const costs = costsOf(tokens);
  const costOf = (first: number, last: number) => (costs[last + 1] ?? Infinity) - (costs[first] ?? 0);
  const widen = ({ first, last }: Fragment, lowest: number, highest: number): Fragment => {
    while (last > first && costOf(first, last) > maxCost) last--;
    for (let isWider = true; isWider;) {
      isWider = false;
      if (first > lowest && costOf(first - 1, last) <= maxCost) [first, isWider] = [first - 1, true];
      if (last < highest && costOf(first, last + 1) <= maxCost) [last, isWider] = [last + 1, true];
    }
    return { first, last };
  };
  const end = tokens.length - 1;
  const best = densest(matches, costOf, () => 1);
  const one = widen(best, 0, end);
  const covered = new Set(best.terms);
  // A hundred terms of the first fragment count less than one other term.
  const valueOf = (term: number) => (covered.has(term) ? 0.01 : 1);
  const before = densest(
    matches.filter(({ last }) => last < one.first),
    costOf,
    valueOf,
  );
  const after = densest(
    matches.filter(({ first }) => first > one.last),
    costOf,
    valueOf,
  );
  if (before.value === 0 && after.value === 0) return [one];
  if (before.value > after.value) return join(widen(before, 0, one.first - 1), one, costOf);
  return join(one, widen(after, one.last + 1, end), costOf);
}

const join = (one: Fragment, other: Fragment, costOf: CostOf): Fragment[] =>
  one.last + 1 === other.first && costOf(one.last, one.last) <= maxCost
    ? [{ first: one.first, last: other.last }]
    : [one, other];

type CostOf = (first: number, last: number) => number;

/** The first and shortest range of matches with the most valuable terms among those that fit in a fragment. */
function densest(matches: Match[], costOf: CostOf, valueOf: (term: number) => number) {
  let best = { first: 0, last: 0, value: 0, terms: [] as number[] };
  const counts = new Map<number, number>();
  let [left, value] = [0, 0];
  for (const match of matches) {
    const count = counts.get(match.term) ?? 0;
    counts.set(match.term, count + 1);
    if (count === 0) value += valueOf(match.term);
    for (let leftmost = matches[left]; leftmost && leftmost !== match; leftmost = matches[++left]) {
      const leftCount = counts.get(leftmost.term) ?? 0;
      const fits = costOf(leftmost.first, match.last) <= maxCost;
      if (fits && leftCount === 1) break;
      counts.set(leftmost.term, leftCount - 1);
      if (leftCount === 1) {
        counts.delete(leftmost.term);
        value -= valueOf(leftmost.term);
      }
    }
    if (value > best.value)
      best = { first: matches[left]?.first ?? 0, last: match.last, value, terms: [...counts.keys()] };
  }
  return best;
}
