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

const colors = [
  '#1f6feb',
  '#d29922',
  '#2da44e',
  '#cf222e',
  '#8250df',
  '#57606a',
  '#bf3989',
  '#1b7c83',
  '#953800',
];
const [width, left, right] = [860, 190, 830];
const [linesHeight, barHeight, rowGap] = [220, 9, 6];
const namesInRow = 4;

/** Draws charts below each other, as SVG. */
export function plot(charts: readonly Chart[]): string {
  let y = 10;
  const drawn = charts.map((chart) => {
    const head = headOf(chart);
    const { parts, height } = 'rows' in chart ? drawBars(chart) : drawLines(chart);
    const top = y + head.height;
    y = top + height + 24;
    return [groupAt(top - head.height, head.parts), groupAt(top, parts)].join('\n');
  });
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${y}" font-family="sans-serif" font-size="12">
<rect width="${width}" height="${y}" fill="#fff"/>
${drawn.join('\n')}
</svg>
`;
}

const groupAt = (y: number, parts: readonly string[]) =>
  `<g transform="translate(0 ${y})">\n${parts.join('\n')}\n</g>`;
const label = (x: number, y: number, content: string, more = '') =>
  `<text x="${x.toFixed(1)}" y="${y.toFixed(1)}" ${more}>${content}</text>`;
const bar = (x: number, y: number, length: number, fill = '') =>
  `<rect x="${x}" y="${y}" width="${length.toFixed(1)}" height="${barHeight - 1}" fill="${fill}"/>`;

/** The title, and the name of each series in its color. */
function headOf({ title, series }: Chart) {
  const names = series.flatMap((each, index) => {
    const [x, y] = [10 + (index % namesInRow) * 210, 22 + Math.floor(index / namesInRow) * 14];
    const name = typeof each === 'string' ? each : each.name;
    return [bar(x, y, 10, colors[index]), label(x + 14, y + 8, name, 'font-size="11"')];
  });
  return {
    parts: [label(10, 12, title, 'font-weight="bold"'), ...names],
    height: 30 + Math.ceil(series.length / namesInRow) * 14,
  };
}

const rounded = (value: number) => Number(value.toPrecision(3)).toLocaleString('en-US');

function drawBars({ series, rows, isLogarithmic = false }: Bars) {
  const sizeOf = (value: number) => (isLogarithmic ? Math.log10(Math.max(1, value)) : value);
  const highest = Math.max(...rows.flatMap(({ values }) => values.map((value = 0) => sizeOf(value)))) || 1;
  const rowHeight = series.length * barHeight + rowGap;
  const parts = rows.flatMap(({ name, values }, row) => {
    const y = row * rowHeight;
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
  return { parts, height: rows.length * rowHeight };
}

function drawLines({ xLabel, series, logarithmic = [] }: Lines) {
  const [start, end, top, bottom] = [60, right, 6, linesHeight];
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
  return { parts: [...grid, ...marks, ...lines, name], height: bottom + 36 };
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
