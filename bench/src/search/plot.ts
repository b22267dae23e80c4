import { cases } from './cases.ts';
import { medianOf, type Results } from './report.ts';

const width = 860;
const labelWidth = 170;
const valueWidth = 60;
const barHeight = 9;
const rowGap = 6;
const colors = ['#1f6feb', '#d29922', '#2da44e', '#cf222e'];

interface Chart {
  title: string;
  series: { name: string; valueOf: (name: string) => number | undefined }[];
}

/** The medians as bars on a logarithmic scale, as SVG. */
export function plotOf(results: Results): string {
  let top = 10;
  const drawn = chartsOf(results).map((chart) => {
    const { svg, height } = drawChart(chart, top);
    top += height + 24;
    return svg;
  });
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${top}" font-family="sans-serif" font-size="12">
<rect width="${width}" height="${top}" fill="#fff"/>
${drawn.join('\n')}
</svg>
`;
}

function chartsOf(results: Results): Chart[] {
  const { sizes, users } = results;
  const count = (value: number) => value.toLocaleString('en-US');
  const comparisons = sizes
    .filter((total) => total === Math.min(1_000_000, Math.max(...sizes)))
    .flatMap((total) =>
      users.map((user) => ({
        title: `A user with ${count(user.notesIn({ total }))} of ${count(total)} notes, ms at p50 (logarithmic)`,
        series: [true, false].map((isPartitioned) => ({
          name: isPartitioned ? 'partitioned by owner' : 'one table',
          valueOf: (name: string) => medianOf(results, name, { user, total, isPartitioned }),
        })),
      })),
    );
  const growth = {
    title: 'A user with 500 notes, ms at p50 (logarithmic), by the notes of all users',
    series: sizes.map((total) => ({
      name: count(total),
      valueOf: (name: string) => medianOf(results, name, { user: users[1]!, total }),
    })),
  };
  return [...comparisons, growth];
}

function drawChart({ title, series }: Chart, top: number) {
  const rows = cases
    .map(({ name }) => ({ name, values: series.map(({ valueOf }) => valueOf(name)) }))
    .filter(({ values }) => values.some((value) => value !== undefined));
  const highest = Math.max(...rows.flatMap(({ values }) => values.map((value) => value ?? 1)));
  const lengthOf = (value: number) =>
    (Math.log10(Math.max(1, value)) / Math.log10(Math.max(10, highest))) *
    (width - labelWidth - valueWidth - 20);
  const parts = [text(10, top + 12, title, 'font-weight="bold"')];
  series.forEach(({ name }, index) => {
    const left = labelWidth + index * 160;
    parts.push(bar(left, top + 22, 10, colors[index]!), text(left + 14, top + 31, name));
  });
  const rowHeight = series.length * barHeight + rowGap;
  rows.forEach(({ name, values }, row) => {
    const y = top + 44 + row * rowHeight;
    parts.push(text(10, y + (series.length * barHeight) / 2 + 4, name));
    values.forEach((value, index) => {
      if (value === undefined) return;
      const [barTop, length] = [y + index * barHeight, Math.max(1, lengthOf(value))];
      parts.push(bar(labelWidth, barTop, length, colors[index]!));
      parts.push(text(labelWidth + length + 4, barTop + barHeight - 1, value.toFixed(1), 'font-size="9"'));
    });
  });
  return { svg: parts.join('\n'), height: 44 + rows.length * rowHeight };
}

const bar = (x: number, y: number, length: number, fill: string) =>
  `<rect x="${x}" y="${y}" width="${length.toFixed(1)}" height="${barHeight - 1}" fill="${fill}"/>`;
const text = (x: number, y: number, content: string, more = '') =>
  `<text x="${x.toFixed(1)}" y="${y}" ${more}>${content}</text>`;
