// npm run bench -- gateway: measures what the gateway costs beside bare proxies. See ../../README.md.
import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { signAccessToken, startTestIssuer } from '@polyglot-notes/service-kit/testing';
import { load } from '../measuring/load.ts';
import { defineMeasurement } from '../measuring/measurement.ts';
import { processorTime } from '../measuring/processes.ts';
import { inTurn } from '../measuring/rounds.ts';
import { contestants } from './contestants.ts';
import { startProgram, type Program } from './program.ts';
import { reportOf, type Sample, type Samples, type Setting } from './report.ts';

interface Caller {
  issuer: string;
  token: string;
}

/** Measures all contestants in front of one upstream. */
async function measureBefore(
  upstreamMode: string,
  { issuer, token }: Caller,
  { rounds, seconds, connections }: Setting,
): Promise<Samples> {
  const upstream = await startProgram(join(import.meta.dirname, 'upstream.ts'), { MODE: upstreamMode });
  const running = new Map<string, Program>();
  const loadFor = (duration: number, { url }: Program) =>
    load({ url: `${url}/api/notes`, tokens: [token], connections, seconds: duration });

  async function measure(program: Program): Promise<Sample> {
    // A process that has been idle is slower for a while.
    await loadFor(seconds / 3, program);
    const before = await processorTime(program.pids);
    const { requestsPerSecond, requests, p99 } = await loadFor(seconds, program);
    const after = await processorTime(program.pids);
    const isMeasured = before !== undefined && after !== undefined && program.pids.length > 0;
    const processorUs = isMeasured ? ((after - before) * 1_000) / requests : undefined;
    return { requestsPerSecond, p99, processorUs };
  }

  try {
    for (const { name, start } of contestants) {
      const program = await start({ upstream: upstream.url, issuer });
      if (program === undefined) console.log(`${name} is not installed, and takes no part`);
      else running.set(name, program);
    }
    for (const program of running.values()) await loadFor(seconds * 4, program);
    const samples = await inTurn([...running.values()], rounds, measure);
    return new Map([...running.keys()].map((name, index) => [name, samples[index]!]));
  } finally {
    await Promise.all([...running.values()].map((program) => program.stop()));
    await upstream.stop();
  }
}

export const measurement = defineMeasurement({
  options: { rounds: 5, seconds: 3, connections: 16 },
  smallest: { rounds: 1, seconds: 0.2, connections: 2 },
  async measure(setting) {
    const issuer = await startTestIssuer();
    try {
      const caller = { issuer: issuer.url, token: signAccessToken(issuer.key, randomUUID()) };
      const express = await measureBefore('express', caller, setting);
      return reportOf(express, await measureBefore('fast', caller, setting), setting);
    } finally {
      issuer.close();
    }
  },
});
