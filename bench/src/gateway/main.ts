// npm run bench -- gateway: measures what the gateway costs beside bare proxies. See ../../README.md.
import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { signAccessToken, startTestIssuer } from '@polyglot-notes/service-kit/testing';
import { contestants } from './contestants.ts';
import { load, processorTime } from './load.ts';
import { startProgram, type Program } from './program.ts';
import { printResults, type Row, type Upstream } from './report.ts';

const { values: options } = parseArgs({
  options: {
    rounds: { type: 'string', default: '5' },
    seconds: { type: 'string', default: '3' },
    connections: { type: 'string', default: '16' },
  },
});
const [rounds, seconds, connections] = [options.rounds, options.seconds, options.connections].map(Number) as [
  number,
  number,
  number,
];
const warmUpSeconds = Math.max(1, seconds);

interface Running {
  name: string;
  program: Program;
}

/** Measures all contestants in front of one upstream. They take turns, and another one is first in each round. */
async function measure(kind: Upstream, issuer: string, token: string): Promise<Row[]> {
  const upstream = await startProgram(join(import.meta.dirname, 'upstream.ts'), { MODE: kind });
  const running: Running[] = [];
  try {
    for (const contestant of contestants) {
      const { name } = contestant;
      const program = await contestant.start({ upstream: upstream.url, issuer });
      if (program === undefined) console.log(`${name} is not installed, and takes no part`);
      else running.push({ name, program });
    }
    const loadOf = ({ program }: Running, duration: number) =>
      load({ url: `${program.url}/api/notes`, token, connections, seconds: duration });
    for (const each of running) await loadOf(each, warmUpSeconds);
    const rows: Row[] = [];
    for (let round = 0; round < rounds; round++) {
      const first = round % running.length;
      for (const each of [...running.slice(first), ...running.slice(0, first)]) {
        const before = await processorTime(each.program.pids);
        const { requestsPerSecond, requests, p99 } = await loadOf(each, seconds);
        const after = await processorTime(each.program.pids);
        const processorUs =
          before === undefined || after === undefined || each.program.pids.length === 0
            ? undefined
            : ((after - before) * 1_000) / requests;
        rows.push({ upstream: kind, round, name: each.name, requestsPerSecond, p99, processorUs });
      }
    }
    return rows;
  } finally {
    await Promise.all(running.map(({ program }) => program.stop()));
    await upstream.stop();
  }
}

const issuer = await startTestIssuer();
try {
  const token = signAccessToken(issuer.key, randomUUID());
  const rows = [];
  for (const kind of ['express', 'fast'] as const) rows.push(...(await measure(kind, issuer.url, token)));
  printResults(rows, { rounds, seconds, connections });
} finally {
  issuer.close();
}
