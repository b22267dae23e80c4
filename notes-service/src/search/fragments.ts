import type { Match } from './matches.ts';
import type { Token } from './words.ts';

/** The indexes of the first and the last token of a part of a text. */
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
  let total = 0;
  for (const [index, { isRun, start, end }] of tokens.entries()) {
    const length = (tokens[index + 1]?.start ?? end) - start;
    total += (isRun ? runCost : wordCost) + Math.floor(length / costlyCharacters);
    costs.push(total);
  }
  return costs;
}

/** One or two fragments that have the most terms. The second prefers terms that the first does not have. */
export function chooseFragments(tokens: Token[], matches: Match[]): Fragment[] {
  const costs = costsOf(tokens);
  const costOf = (first: number, last: number) => (costs[last + 1] ?? Infinity) - (costs[first] ?? 0);
  const lastIndex = tokens.length - 1;
  const best = densest(matches, costOf, () => 1);
  const one = widen(best, 0, lastIndex, costOf);
  // A hundred terms of the first fragment count less than one other term.
  const valueOf = (term: number) => (best.terms.has(term) ? 0.01 : 1);
  const matchesBefore = matches.filter(({ last }) => last < one.first);
  const matchesAfter = matches.filter(({ first }) => first > one.last);
  const before = densest(matchesBefore, costOf, valueOf);
  const after = densest(matchesAfter, costOf, valueOf);
  if (before.value === 0 && after.value === 0) return [one];
  if (before.value > after.value) return join(widen(before, 0, one.first - 1, costOf), one, costOf);
  return join(one, widen(after, one.last + 1, lastIndex, costOf), costOf);
}

type CostOf = (first: number, last: number) => number;

/** Fills a fragment up, on both sides, with the tokens from `lowest` to `highest`. One that costs too much becomes shorter. */
function widen(fragment: Fragment, lowest: number, highest: number, costOf: CostOf): Fragment {
  let { first, last } = fragment;
  while (last > first && costOf(first, last) > maxCost) last--;
  for (let isWider = true; isWider;) {
    isWider = false;
    if (first > lowest && costOf(first - 1, last) <= maxCost) {
      first--;
      isWider = true;
    }
    if (last < highest && costOf(first, last + 1) <= maxCost) {
      last++;
      isWider = true;
    }
  }
  return { first, last };
}

const join = (one: Fragment, other: Fragment, costOf: CostOf): Fragment[] =>
  one.last + 1 === other.first && costOf(one.last, one.last) <= maxCost
    ? [{ first: one.first, last: other.last }]
    : [one, other];

interface Candidate extends Fragment {
  value: number;
  terms: Set<number>;
}

/** The first and shortest range of matches with the most valuable terms among those that fit in a fragment. */
function densest(matches: Match[], costOf: CostOf, valueOf: (term: number) => number): Candidate {
  let best: Candidate = { first: 0, last: 0, value: 0, terms: new Set() };
  const counts = new Map<number, number>();
  let left = 0;
  let value = 0;
  for (const match of matches) {
    const count = counts.get(match.term) ?? 0;
    counts.set(match.term, count + 1);
    if (count === 0) value += valueOf(match.term);
    for (let leftmost = matches[left]; leftmost && leftmost !== match; leftmost = matches[left]) {
      const leftCount = counts.get(leftmost.term) ?? 0;
      const fits = costOf(leftmost.first, match.last) <= maxCost;
      if (fits && leftCount === 1) break;
      left++;
      counts.set(leftmost.term, leftCount - 1);
      if (leftCount === 1) {
        counts.delete(leftmost.term);
        value -= valueOf(leftmost.term);
      }
    }
    if (value > best.value)
      best = { first: matches[left]?.first ?? 0, last: match.last, value, terms: new Set(counts.keys()) };
  }
  return best;
}
