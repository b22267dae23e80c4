/** The statuses of answers that came in any order, sorted. */
export const statuses = (answers: { status: number }[]): number[] =>
  answers.map(({ status }) => status).toSorted((a, b) => a - b);

/** The statuses to expect, sorted, when one of `count` requests wins and the others lose. */
export const oneWins = (count: number, won: number, lost: number): number[] => [
  won,
  ...Array.from({ length: count - 1 }, () => lost),
];
