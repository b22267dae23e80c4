/** Lines over numbers, on logarithmic axes if wanted. */
export interface Lines {
  title: string;
  xLabel: string;
  logarithmic?: readonly ('x' | 'y')[];
  series: readonly { name: string; points: readonly (readonly [x: number, y: number])[] }[];
}

/** A group of bars for each row, one for each series. */
export interface Bars {
  title: string;
  isLogarithmic?: boolean;
  series: readonly string[];
  rows: readonly { name: string; values: readonly (number | undefined)[] }[];
}

export type Chart = Lines | Bars;

const colors = ['#1f6feb', '#d29922', '#2da44e', '#cf222e', '#8250df', '#57606a', '#bf3989'];
const [width, left, right] = [860, 190, 830];
const [linesHeight, barHeight, rowGap, headHeight] = [220, 9, 6, 44];

/** Draws charts below each other, as SVG. */
export function plot(charts: readonly Chart[]): string {
  let height = 10;
  const drawn = charts.map((chart) => {
    const { parts, bottom } = 'rows' in chart ? drawBars(chart) : drawLines(chart);
    const group = `<g transform="translate(0 ${height})">\n${[...headOf(chart), ...parts].join('\n')}\n</g>`;
    height += bottom + 24;
    return group;
  });
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" font-family="sans-serif" font-size="12">
<rect width="${width}" height="${height}" fill="#fff"/>
${drawn.join('\n')}
</svg>
`;
}

const label = (x: number, y: number, content: string, more = '') =>
  `<text x="${x.toFixed(1)}" y="${y.toFixed(1)}" ${more}>${content}</text>`;
const bar = (x: number, y: number, length: number, fill = '') =>
  `<rect x="${x}" y="${y}" width="${length.toFixed(1)}" height="${barHeight - 1}" fill="${fill}"/>`;

/** The title, and the name of each series in its color. */
const headOf = ({ title, series }: Chart) => [
  label(10, 12, title, 'font-weight="bold"'),
  ...series.flatMap((each, index) => {
    const x = 10 + index * ((right - 10) / Math.max(5, series.length));
    return [
      bar(x, 22, 10, colors[index]),
      label(x + 14, 30, typeof each === 'string' ? each : each.name, 'font-size="11"'),
    ];
  }),
];

const rounded = (value: number) => Number(value.toPrecision(3)).toLocaleString('en-US');

function drawBars({ series, rows, isLogarithmic = false }: Bars) {
  const sizeOf = (value: number) => (isLogarithmic ? Math.log10(Math.max(1, value)) : value);
  const highest = Math.max(...rows.flatMap(({ values }) => values.map((value = 0) => sizeOf(value)))) || 1;
  const rowHeight = series.length * barHeight + rowGap;
  const parts = rows.flatMap(({ name, values }, row) => {
    const y = headHeight + row * rowHeight;
    const bars = values.flatMap((value, index) => {
      if (value === undefined) return [];
      const length = Math.max(1, (sizeOf(value) / highest) * (right - left - 60));
      const top = y + index * barHeight;
      return [
        bar(left, top, length, colors[index]),
        label(left + length + 4, top + 8, rounded(value), 'font-size="9"'),
      ];
    });
    return [label(10, y + (rowHeight - rowGap) / 2 + 4, name), ...bars];
  });
  return { parts, bottom: headHeight + rows.length * rowHeight };
}

function drawLines({ xLabel, series, logarithmic = [] }: Lines) {
  const [start, end, top, bottom] = [60, right, headHeight + 6, headHeight + linesHeight];
  const points = series.flatMap((each) => each.points);
  const x = createAxis(
    points.map(([value]) => value),
    { isLogarithmic: logarithmic.includes('x'), from: start, to: end },
  );
  const y = createAxis(
    points.map(([, value]) => value),
    { isLogarithmic: logarithmic.includes('y'), from: bottom, to: top },
  );
  const grid = y.ticks.flatMap((value) => [
    `<path d="M${start} ${y.at(value).toFixed(1)}H${end}" stroke="#ddd"/>`,
    label(start - 6, y.at(value) + 4, rounded(value), 'text-anchor="end" font-size="10"'),
  ]);
  const marks = x.ticks.map((value) =>
    label(x.at(value), bottom + 16, rounded(value), 'text-anchor="middle" font-size="10"'),
  );
  const lines = series.map(({ points: own }, index) => {
    const path = own.map((point) => `${x.at(point[0]).toFixed(1)},${y.at(point[1]).toFixed(1)}`).join(' ');
    return `<polyline fill="none" stroke="${colors[index]}" stroke-width="2" points="${path}"/>`;
  });
  const name = label((start + end) / 2, bottom + 32, xLabel, 'text-anchor="middle" font-size="11"');
  return { parts: [...grid, ...marks, ...lines, name], bottom: bottom + 36 };
}

interface Axis {
  isLogarithmic: boolean;
  /** The pixels of the ends. */
  from: number;
  to: number;
}

/** An axis from 0 or, if it is logarithmic, from the power of ten below the least value. */
function createAxis(values: readonly number[], { isLogarithmic, from, to }: Axis) {
  const highest = Math.max(...values) || 1;
  const powerBelow = (value: number) => 10 ** Math.floor(Math.log10(value));
  const lowest = isLogarithmic ? powerBelow(Math.min(...values)) : 0;
  const scale = isLogarithmic ? Math.log10 : (value: number) => value;
  const share = (value: number) => (scale(value) - scale(lowest)) / (scale(highest) - scale(lowest) || 1);
  const step = [1, 2, 5, 10]
    .map((times) => times * powerBelow(highest / 5))
    .find((size) => highest / size <= 6)!;
  const ticks = isLogarithmic
    ? Array.from({ length: 9 }, (_, power) => lowest * 10 ** power)
    : Array.from({ length: 7 }, (_, count) => count * step);
  return {
    at: (value: number) => from + share(value) * (to - from),
    ticks: ticks.filter((value) => value <= highest),
  };
}
