export interface RankTest {
  /** The number of pairs in which the value of the first sample is greater; a pair of equal values counts half. */
  u: number;
  z: number;
  /** The probability of a `z` this far from 0 if both samples have the same distribution. */
  p: number;
}

/** The Mann-Whitney rank test of two large samples, two-sided, by the normal approximation with correction for ties. */
export function rankTest(first: readonly number[], second: readonly number[]): RankTest {
  const all = [
    ...first.map((value) => ({ value, isFirst: true })),
    ...second.map((value) => ({ value, isFirst: false })),
  ];
  let ranksOfFirst = 0;
  let smaller = 0;
  let ties = 0;
  for (const [, equal] of [...Map.groupBy(all, ({ value }) => value)].toSorted(([a], [b]) => a - b)) {
    const rank = smaller + (equal.length + 1) / 2;
    ranksOfFirst += rank * equal.filter(({ isFirst }) => isFirst).length;
    smaller += equal.length;
    ties += equal.length ** 3 - equal.length;
  }
  const pairs = first.length * second.length;
  const u = ranksOfFirst - (first.length * (first.length + 1)) / 2;
  const variance = (pairs / 12) * (all.length + 1 - ties / (all.length * (all.length - 1)));
  const z = variance === 0 ? 0 : (u - pairs / 2) / Math.sqrt(variance);
  return { u, z, p: twoTails(Math.abs(z)) };
}

/** The probability of a standard normal value beyond ±z (Abramowitz and Stegun, 7.1.26; the error is below 1.5e-7). */
function twoTails(z: number): number {
  const x = z / Math.SQRT2;
  const t = 1 / (1 + 0.3275911 * x);
  const series = 0.254829592 + t * (-0.284496736 + t * (1.421413741 + t * (-1.453152027 + t * 1.061405429)));
  return t * series * Math.exp(-x * x);
}
