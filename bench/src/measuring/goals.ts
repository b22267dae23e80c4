import { median, spread } from './rounds.ts';
import { table } from './table.ts';

/** What a ratio must be. Empty `ratios` were not measured, such as those to a program that is not installed. */
export interface Goal {
  what: string;
  wanted: string;
  /** Of each round; the median counts. */
  ratios: readonly number[];
  isReached: (ratio: number) => boolean;
}

export const atLeast = (least: number, what: string, ...ratios: readonly number[]): Goal => ({
  what,
  wanted: `≥ ${least}`,
  ratios,
  isReached: (ratio) => ratio >= least,
});

export const atMost = (most: number, what: string, ...ratios: readonly number[]): Goal => ({
  what,
  wanted: `≤ ${most}`,
  ratios,
  isReached: (ratio) => ratio <= most,
});

/** The goals as a Markdown table. A missed goal is no error, because it depends on the machine. */
export const goalTable = (goals: readonly Goal[]): string =>
  table(
    ['', 'goal', 'measured (spread)', ''],
    goals.map(({ what, wanted, ratios, isReached }) => {
      if (ratios.length === 0) return [what, wanted, 'not measured', ''];
      return [what, wanted, spread(ratios, 2), isReached(median(ratios)) ? 'reached' : 'MISSED'];
    }),
  );
