import { markdownTable } from './markdown-table.ts';

const measurements = ['gateway', 'path', 'logins', 'connections', 'workers', 'memory'];

/** A Markdown table of the goals in the committed results of the measurements. `read` reads a file of the repository. */
export const performanceTable = (read: (path: string) => string): string[] =>
  markdownTable(
    ['', 'ratio', 'goal', 'measured (spread)', ''],
    measurements.flatMap((name) => {
      const path = `bench/results/${name}.md`;
      const rows = goalsIn(read(path));
      if (rows.length === 0) throw new Error(`${path} has no table of goals`);
      return rows.map((cells) => [`[${name}](${path})`, ...cells]);
    }),
  );

/** The cells of the table below the heading `Goals`. */
function goalsIn(results: string): string[][] {
  const [, goals = ''] = results.split('\n## Goals\n');
  const [, , ...rows] = goals.split('\n').filter((line) => line.startsWith('|'));
  return rows.map((row) =>
    row
      .split('|')
      .slice(1, -1)
      .map((cell) => cell.trim()),
  );
}
