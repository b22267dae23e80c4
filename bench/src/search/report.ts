import { percentile } from '../measuring/percentile.ts';
import type { Bars } from '../measuring/plot.ts';
import { table } from '../measuring/table.ts';
import { cases, firstPage, type Case } from './cases.ts';
import type { Measurement, MeasuredUser } from './measure.ts';

export interface Results {
  measurements: Measurement[];
  /** The user with many notes and the one with few. */
  users: MeasuredUser[];
  sizes: number[];
  /** The searches as they were before the notes were partitioned, in SQL, in ms. */
  before: { user: MeasuredUser; total: number; times: Map<string, number> }[];
  /** The rare word of the large user in SQL, in ms. */
  index: { size: number; withIndex: number; without: number };
  machine: string;
}

/** The median of a case in ms, if it was measured. */
export function medianOf(
  { measurements }: Results,
  name: string,
  { user, total, isPartitioned = true }: { user: MeasuredUser; total: number; isPartitioned?: boolean },
): number | undefined {
  const found = measurements.find(
    ({ of, user: measured, database }) =>
      of.name === name &&
      measured === user &&
      database.total === total &&
      database.isPartitioned === isPartitioned,
  );
  return found && percentile(found.took, 0.5);
}

/** The medians, their ratios to the first page and the goals, as Markdown. */
export function reportOf(results: Results): string {
  const { users, sizes, index, machine } = results;
  const [large, small] = users as [MeasuredUser, MeasuredUser];
  const tables = sizes.map((total) => {
    const notes = `${count(large.notesIn({ total }))} / ${count(small.notesIn({ total }))}`;
    return `## ${count(total)} notes\n\nA user with ${notes} notes.\n\n${tableOfSize(results, total)}`;
  });
  const ratio = index.without / index.withIndex;
  return `# Lists and searches

Written by \`npm run bench -- search\`. Milliseconds at p50 through the gateway, until the answer begins. "Flat" is the same service on a table without partitions. The ratio is that to the first page of the same user. "Before" is the statement of the page in SQL alone, on the table without partitions, as it was before the notes were partitioned: the search index finds the notes of all owners, and all matches are ranked.

The machine: ${machine} Other programs shared it.

![The same as a plot](search.svg)

${tables.join('\n\n')}

## Growth

The user with ${count(small.notesIn({ total: sizes[0] ?? 0 }))} notes, while the other users' notes grow. The goal is at most 1.5 times.

${growthTable(results)}

## The index

A rare word of the user with ${count(large.notesIn({ total: index.size }))} of ${count(index.size)} notes in SQL: ${index.withIndex.toFixed(2)} ms with the GIN index and ${index.without.toFixed(2)} ms without it, ${ratio.toFixed(0)} times.
`;
}

const count = (value: number) => value.toLocaleString('en-US');
const ms = (value: number | undefined) => (value === undefined ? '–' : value.toFixed(1));
const times = (value: number | undefined, base: number | undefined) =>
  value === undefined || base === undefined ? '–' : (value / base).toFixed(1);

function tableOfSize(results: Results, total: number): string {
  const { before } = results;
  const hasFlat = before.some((measured) => measured.total === total);
  const columns = ['ms', 'ratio', 'goal', ...(hasFlat ? ['flat', 'before'] : [])];
  const rowsOf = (user: MeasuredUser, isLarge: boolean) => (of: Case) => {
    const value = medianOf(results, of.name, { user, total });
    const base = medianOf(results, firstPage, { user, total });
    const goal = of.goals?.[isLarge ? 0 : 1];
    return [
      ms(value),
      times(value, base),
      value === undefined || goal === undefined ? '–' : `≤ ${goal}`,
      ms(medianOf(results, of.name, { user, total, isPartitioned: false })),
      ms(before.find((found) => found.user === user && found.total === total)?.times.get(of.name)),
    ].slice(0, columns.length);
  };
  const [large, small] = results.users as [MeasuredUser, MeasuredUser];
  return table(
    ['', ...columns.map((column) => `large: ${column}`), ...columns.map((column) => `small: ${column}`)],
    cases.map((of) => [of.name, ...rowsOf(large, true)(of), ...rowsOf(small, false)(of)]),
  );
}

function growthTable(results: Results): string {
  const { sizes, users } = results;
  const rows = cases.flatMap(({ name }) => {
    const values = sizes.map((total) => medianOf(results, name, { user: users[1]!, total }));
    if (values.every((value) => value === undefined)) return [];
    return [[name, ...values.map(ms), times(values.at(-1), values[0])]];
  });
  return table(['', ...sizes.map(count), 'ratio'], rows);
}

/** The medians as bars. */
export function chartsOf(results: Results): Bars[] {
  const { sizes, users } = results;
  const chart = (
    title: string,
    series: string[],
    valuesOf: (name: string) => (number | undefined)[],
  ): Bars => ({
    title: `${title}, ms at p50 (logarithmic)`,
    isLogarithmic: true,
    series,
    rows: cases
      .map(({ name }) => ({ name, values: valuesOf(name) }))
      .filter(({ values }) => values.some((value) => value !== undefined)),
  });
  const comparisons = sizes
    .filter((total) => total === Math.min(1_000_000, Math.max(...sizes)))
    .flatMap((total) =>
      users.map((user) =>
        chart(
          `A user with ${count(user.notesIn({ total }))} of ${count(total)} notes`,
          ['partitioned by owner', 'one table'],
          (name) =>
            [true, false].map((isPartitioned) => medianOf(results, name, { user, total, isPartitioned })),
        ),
      ),
    );
  const growth = chart('A user with 500 notes, by the notes of all users', sizes.map(count), (name) =>
    sizes.map((total) => medianOf(results, name, { user: users[1]!, total })),
  );
  return [...comparisons, growth];
}
