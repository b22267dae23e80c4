import { expect, test } from '@jest/globals';
import { atLeast, atMost, goalTable } from './goals.ts';
import { plot } from './plot.ts';
import { inTurn, ratios, spread } from './rounds.ts';

test('begins each round with another contestant, and returns the measurements of each', async () => {
  const order: string[] = [];
  const measured = await inTurn(['a', 'b', 'c'], 3, async (name) => {
    order.push(name);
    return `${name}${order.length}`;
  });
  expect(order.join('')).toBe('abcbcacab');
  expect(measured).toEqual([
    ['a1', 'a6', 'a8'],
    ['b2', 'b4', 'b9'],
    ['c3', 'c5', 'c7'],
  ]);
});

test('takes ratios round by round, and shows their median and spread', () => {
  expect(ratios([10, 20, 90], [20, 20, 30])).toEqual([0.5, 1, 3]);
  expect(spread([3, 0.5, 1], 1)).toBe('1.0 (0.5–3.0)');
  expect(spread([2])).toBe('2');
  expect(spread([])).toBe('–');
});

test('says whether the median reaches a goal, and what was not measured', () => {
  const lines = goalTable([
    atLeast(0.5, 'rate', 0.4, 0.6, 0.7),
    atMost(2, 'time', 1, 3, 4),
    atMost(2, 'absent'),
  ]).split('\n');
  const cells = lines.slice(2).map((line) => line.split('|').map((cell) => cell.trim()));
  expect(cells).toEqual([
    ['', 'rate', '≥ 0.5', '0.60 (0.40–0.70)', 'reached', ''],
    ['', 'time', '≤ 2', '3.00 (1.00–4.00)', 'MISSED', ''],
    ['', 'absent', '≤ 2', 'not measured', '', ''],
  ]);
});

test('draws lines on logarithmic axes, and bars, within the picture', () => {
  const svg = plot([
    {
      title: 'Lines',
      xLabel: 'n',
      logarithmic: ['x', 'y'],
      series: [
        {
          name: 'a',
          points: [
            [1, 2],
            [1_000, 900],
          ],
        },
      ],
    },
    { title: 'Bars', series: ['a', 'b'], rows: [{ name: 'row', values: [4, undefined] }] },
    { title: 'Nothing', xLabel: 'n', series: [{ name: 'a', points: [[0, 0]] }] },
  ]);
  expect(svg).not.toMatch(/NaN|Infinity|undefined/);
  const points = /polyline .*points="([^"]+)"/
    .exec(svg)![1]!
    .split(' ')
    .map((point) => point.split(',').map(Number));
  expect(points[0]![0]).toBeLessThan(points[1]![0]!);
  expect(points[0]![1]).toBeGreaterThan(points[1]![1]!);
});
