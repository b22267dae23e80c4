import { percentile } from './percentile.ts';

/**
 * Measures each contestant once in each round, one at a time. Another one is first in each round. Returns the
 * measurements of each contestant, in the order of the rounds.
 */
export async function inTurn<Contestant, Measured>(
  contestants: readonly Contestant[],
  rounds: number,
  measure: (contestant: Contestant) => Promise<Measured>,
): Promise<Measured[][]> {
  const measured: Measured[][] = contestants.map(() => []);
  for (let round = 0; round < rounds; round++)
    for (let turn = 0; turn < contestants.length; turn++) {
      const index = (round + turn) % contestants.length;
      measured[index]!.push(await measure(contestants[index]!));
    }
  return measured;
}

export const median = (values: readonly number[]): number => percentile(values, 0.5);

/** The ratio of two contestants in each round. */
export const ratios = (values: readonly number[], bases: readonly number[]): number[] =>
  values.map((value, round) => value / bases[round]!);

/** The median and, of several, the least and the greatest value, as text; a dash for none. */
export function spread(values: readonly number[], digits = 0): string {
  if (values.length === 0) return '–';
  const [middle, least, greatest] = [median(values), Math.min(...values), Math.max(...values)].map((value) =>
    value.toFixed(digits),
  );
  return values.length === 1 ? middle! : `${middle} (${least}–${greatest})`;
}
