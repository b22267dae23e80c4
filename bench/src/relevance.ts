// npm run relevance: measures what searches find, and prints the queries that do not find all that people want.
// With --record it writes the scores that a test keeps from falling, and the tables of docs/relevance.md.
import { readFile, writeFile } from 'node:fs/promises';
import { stopTestDatabases } from '@polyglot-notes/local-stack/testing';
import setup from '@polyglot-notes/local-stack/testing/setup';
import { measureRelevance, type Outcome } from '../../notes-service/test/relevance/relevance.ts';
import { summarize, type Scores, type Summary } from '../../notes-service/test/relevance/summary.ts';
import { startService } from '../../notes-service/test/service.ts';

const recorded = new URL('../../notes-service/test/relevance/recorded.json', import.meta.url);
const page = new URL('../../docs/relevance.md', import.meta.url);
const [begin, end] = ['<!-- measured: begin -->', '<!-- measured: end -->'];

function tableOf(heading: string, summary: Summary): string {
  const scores = ({ queries, recall, mrr }: Scores) =>
    queries === 0 ? ['0', '–', '–'] : [String(queries), recall.toFixed(2), mrr.toFixed(2)];
  const rows = Object.entries(summary).map(([group, { exact, close, both }]) => [
    group,
    ...scores(exact),
    ...scores(close),
    both.recall.toFixed(2),
    both.mrr.toFixed(2),
    both.precision.toFixed(2),
  ]);
  const columns = ['queries', 'recall', 'MRR'];
  const head = [
    heading,
    ...columns.map((column) => `exact: ${column}`),
    ...columns.map((column) => `close: ${column}`),
    'recall',
    'MRR',
    'precision',
  ];
  const widths = head.map((title, index) =>
    Math.max(title.length, ...rows.map((row) => row[index]?.length ?? 0)),
  );
  const line = (cells: string[], fill = ' ') =>
    `| ${cells.map((cell, index) => cell.padEnd(widths[index] ?? 0, fill)).join(' | ')} |`;
  return [
    line(head),
    line(
      head.map(() => ''),
      '-',
    ),
    ...rows.map((row) => line(row)),
  ].join('\n');
}

const shortList = (ids: string[]) => ids.slice(0, 5).join(', ') + (ids.length > 5 ? ', …' : '');

function failureOf({ language, kind, query, mode, wanted, fine = [], found, reciprocalRank }: Outcome) {
  const missing = wanted.filter((id) => !found.includes(id));
  const unwanted = found.filter((id) => !wanted.includes(id) && !fine.includes(id));
  const parts = [
    missing.length > 0 && `misses ${shortList(missing)}`,
    reciprocalRank > 0 && reciprocalRank < 1 && `finds the first at ${Math.round(1 / reciprocalRank)}`,
    unwanted.length > 0 && `finds unwanted ${shortList(unwanted)}`,
  ].filter((part) => part !== false);
  return parts.length > 0 && `${language}, ${kind}, ${mode}: ${query}: ${parts.join('; ')}`;
}

async function measure() {
  const service = await startService();
  try {
    return await measureRelevance(service);
  } finally {
    await service.close();
  }
}

try {
  await setup();
  const outcomes = await measure();
  const failures = outcomes.map(failureOf).filter((failure) => failure !== false);
  const byLanguage = summarize(outcomes, 'language');
  const tables = `${tableOf('language', byLanguage)}\n\n${tableOf('kind', summarize(outcomes, 'kind'))}`;
  console.log(`${failures.join('\n')}\n\n${tables}`);
  if (process.argv.includes('--record')) {
    await writeFile(recorded, `${JSON.stringify(byLanguage, undefined, 2)}\n`);
    const text = await readFile(page, 'utf8');
    const [before, after] = [text.split(begin)[0], text.split(end)[1]];
    await writeFile(page, `${before}${begin}\n\n${tables}\n\n${end}${after}`);
  }
} finally {
  await stopTestDatabases();
}
