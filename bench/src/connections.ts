// npm run bench -- connections: measures the gateway with 1 to 1,000 connections. See ../README.md.
import { atMost } from './measuring/goals.ts';
import { loadAndCount, type Measured } from './measuring/load.ts';
import { defineMeasurement } from './measuring/measurement.ts';
import type { Chart } from './measuring/plot.ts';
import { memoryOf } from './measuring/processes.ts';
import { inTurn, median, ratios, spread } from './measuring/rounds.ts';
import { table } from './measuring/table.ts';
import { registerUsers } from './people.ts';
import { send } from './requests.ts';

const sampleMs = 250;
// In this time, the connections are closed, and garbage is collected.
const restMs = 3_000;

interface Sample extends Measured {
  /** The greatest resident memory of the gateway meanwhile, in MB. */
  megabytes: number;
}

const residentOf = async (metrics: string) => (await memoryOf(metrics)).resident;

/** Does some work, and returns the greatest resident memory meanwhile as well. */
async function withMemory(metrics: string, work: () => Promise<Measured>): Promise<Sample> {
  const sampling = [residentOf(metrics)];
  const timer = setInterval(() => sampling.push(residentOf(metrics)), sampleMs);
  try {
    const measured = await work();
    return { ...measured, megabytes: Math.max(...(await Promise.all(sampling))) };
  } finally {
    clearInterval(timer);
  }
}

function chartsOf(
  connections: readonly number[],
  valuesOf: (count: number, key: keyof Sample) => number[],
): Chart[] {
  const seriesOf = (name: string, key: keyof Sample) => ({
    name,
    points: connections.map((count) => [count, median(valuesOf(count, key))] as const),
  });
  const xLabel = 'connections (logarithmic)';
  return [
    {
      title: 'Requests/s',
      xLabel,
      logarithmic: ['x'],
      series: [seriesOf('requests/s', 'requestsPerSecond')],
    },
    {
      title: 'Response time, ms (logarithmic)',
      xLabel,
      logarithmic: ['x', 'y'],
      series: [seriesOf('p50', 'p50'), seriesOf('p99', 'p99')],
    },
  ];
}

export const measurement = defineMeasurement({
  options: { rounds: 5, seconds: 6, connections: [1, 10, 100, 1_000], users: 250 },
  smallest: { rounds: 1, seconds: 0.2, connections: [1, 10], users: 2 },
  async measure({ rounds, seconds, connections, users }, startSystem) {
    const system = await startSystem();
    const metrics = system.metricsUrls.gateway;
    // One user may have only some lists in progress.
    const tokens = (await registerUsers([system], users)).map(({ sessions: [{ token }] }) => token);
    const url = `${system.urls.gateway}/api/notes`;
    const loadAll = (turns: number) =>
      inTurn(connections, turns, (count) =>
        withMemory(metrics, async () => {
          const sent = await loadAndCount({ url, tokens, connections: count, seconds });
          // The answer comes after those to the connections that were closed.
          await send(url, { token: tokens[0] });
          return sent;
        }),
      );
    const before = await residentOf(metrics);
    await loadAll(1);
    const measured = await loadAll(rounds);
    await new Promise((resolve) => setTimeout(resolve, restMs));
    const after = await residentOf(metrics);

    const valuesOf = (count: number, key: keyof Sample) =>
      (measured[connections.indexOf(count)] ?? []).map((sample) => sample[key]);
    const sizes = valuesOf(Math.max(...connections), 'megabytes');
    const failed = measured.flat().reduce((sum, sample) => sum + sample.failed, 0);
    return {
      title: 'Connections',
      method: `${users} users list their notes through the gateway. Each connection sends the next request after the answer. ${rounds} rounds of ${seconds} s after one that does not count. All numbers of connections take turns, and another one is first in each round.`,
      tables: [
        table(
          ['connections', 'requests/s', 'p50, ms', 'p99, ms', 'failed', 'memory of the gateway, MB'],
          connections.map((count) => [
            String(count),
            spread(valuesOf(count, 'requestsPerSecond')),
            spread(valuesOf(count, 'p50'), 1),
            spread(valuesOf(count, 'p99'), 1),
            String(valuesOf(count, 'failed').reduce((sum, value) => sum + value, 0)),
            spread(valuesOf(count, 'megabytes')),
          ]),
        ),
        `The memory of the gateway was ${before.toFixed(0)} MB before and ${after.toFixed(0)} MB after all rounds.`,
      ],
      goals: [
        atMost(0, 'failed requests', failed),
        atMost(
          10,
          'p99 with 1,000 connections, of that with 100',
          ...ratios(valuesOf(1_000, 'p99'), valuesOf(100, 'p99')),
        ),
        atMost(
          1.1,
          'memory in the last round, of that in the middle one',
          sizes.at(-1)! / sizes[Math.floor(sizes.length / 2)]!,
        ),
      ],
      charts: chartsOf(connections, valuesOf),
    };
  },
});
