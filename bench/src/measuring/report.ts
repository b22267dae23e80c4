import { writeFile } from 'node:fs/promises';
import { goalTable, type Goal } from './goals.ts';
import { describeMachine } from './machine.ts';
import { plot, type Chart } from './plot.ts';

/** What a measurement has found. */
export interface Report {
  title: string;
  /** How it was measured, in sentences. */
  method: string;
  tables: readonly string[];
  goals: readonly Goal[];
  charts: readonly Chart[];
}

const committed = new URL('../../results/', import.meta.url);

/** Prints a report, and writes it to `<name>.md` and its plot to `<name>.svg`. */
export async function writeReport(name: string, report: Report, folder = committed): Promise<void> {
  const { title, method, tables, goals, charts } = report;
  const measured = [...tables, '## Goals', goalTable(goals)].join('\n\n');
  console.log(`\n${measured}\n`);
  await writeFile(
    new URL(`${name}.md`, folder),
    `# ${title}

Written by \`npm run bench -- ${name}\`. ${method} A value with two more in parentheses is the median of the rounds, with the least and the greatest value.

The machine: ${describeMachine()}.

![The same as a plot](${name}.svg)

${measured}
`,
  );
  await writeFile(new URL(`${name}.svg`, folder), plot(charts));
}
