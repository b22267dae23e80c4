// npm run bench -- transfer [--notes 100000]: measures the import and export of many notes. See ../README.md.
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { request, type IncomingMessage } from 'node:http';
import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { pipeline } from 'node:stream/promises';
import { parseArgs } from 'node:util';
import type { TestSystem } from '@polyglot-notes/local-stack/testing';
import { plot, type Lines } from './measuring/plot.ts';
import { memoryOf } from './measuring/processes.ts';
import { onTestSystem } from './on-test-system.ts';
import { registerUsers } from './people.ts';
import { percentile } from './measuring/percentile.ts';
import { at, send } from './requests.ts';

const { values: options } = parseArgs({ options: { notes: { type: 'string', default: '100000' } } });
const count = Number(options.notes);
const [warmUpSeconds, baselineSeconds] = [3, 15];
const requestsPerSecond = 20;
const sampleMs = 250;
const goals = { megabytes: 250, ratio: 3 };

const words = (length: number) =>
  Array.from({ length }, () => `word${Math.floor(Math.random() ** 3 * 20_000)}`).join(' ');

function* lines() {
  for (let i = 0; i < count; i++) {
    const time = new Date(1_600_000_000_000 + i * 1_000).toISOString();
    const note = { id: randomUUID(), title: words(4), content: words(80), tags: [`tag ${i % 50}`] };
    yield Buffer.from(`${JSON.stringify({ ...note, createdAt: time, updatedAt: time })}\n`);
  }
}

interface Sample {
  seconds: number;
  megabytes: number;
  phase: string;
}

/** Lists and creates notes of another user on schedule until `isDone`. Returns the times in ms. */
async function askNeighbour(list: string, token: string, isDone: () => boolean) {
  const times = { list: [] as number[], create: [] as number[], failed: 0 };
  const asking: Promise<void>[] = [];
  const began = performance.now();
  for (let i = 0; !isDone(); i++) {
    await at(began + (i * 1_000) / requestsPerSecond);
    const kind = i % 2 === 0 ? 'list' : 'create';
    asking.push(
      send(list, kind === 'list' ? { token } : { token, method: 'POST', body: { title: 'a note' } }).then(
        ({ status, sentAt, answeredAt }) => {
          if (status >= 300) times.failed++;
          times[kind].push(answeredAt - sentAt);
        },
        () => void times.failed++,
      ),
    );
  }
  await Promise.all(asking);
  return times;
}

interface Phase {
  name: string;
  /** Undefined for a phase without a transfer. */
  seconds: number | undefined;
  megabytes: number;
  times: Awaited<ReturnType<typeof askNeighbour>>;
}

/** Samples the memory of notes-service, and asks as another user while the work of a phase runs. */
function createPhases({ urls, metricsUrls }: TestSystem, neighbourToken: string) {
  const samples: Sample[] = [];
  const phases: Phase[] = [];
  const began = performance.now();
  let phase = '';
  const sampling = setInterval(() => {
    const [name, seconds] = [phase, (performance.now() - began) / 1_000];
    memoryOf(metricsUrls['notes-service']).then(
      ({ resident }) => samples.push({ seconds, megabytes: resident, phase: name }),
      () => {},
    );
  }, sampleMs);
  return {
    samples,
    phases,
    stop: () => clearInterval(sampling),
    run: async <Result>(name: string, isTransfer: boolean, work: () => Promise<Result>): Promise<Result> => {
      phase = name;
      let isDone = false;
      const asked = askNeighbour(`${urls['notes-service']}/api/notes`, neighbourToken, () => isDone);
      const start = performance.now();
      try {
        return await work();
      } finally {
        const seconds = (performance.now() - start) / 1_000;
        isDone = true;
        const ofPhase = samples.filter((sample) => sample.phase === name);
        phases.push({
          name,
          seconds: isTransfer ? seconds : undefined,
          megabytes: Math.max(...ofPhase.map(({ megabytes }) => megabytes)),
          times: await asked,
        });
        console.log(`${name}: ${seconds.toFixed(1)} s`);
      }
    },
  };
}

async function measure(system: TestSystem): Promise<void> {
  const users = await registerUsers([system], 3);
  const [mover, neighbour, receiver] = users.map(({ sessions }) => sessions[0]);
  const base = system.urls['notes-service'];
  const importInto = async (token: string, type: string, content: Readable) => {
    const url = `${base}/api/notes/import`;
    const result = (await transfer(url, { method: 'POST', token, type, content })).toString();
    if (!result.startsWith(`{"imported":${count},`)) throw new Error(`The import answered ${result}`);
  };
  const exportOf = (format: string) =>
    transfer(`${base}/api/notes/export?format=${format}`, { token: mover!.token });
  const forSeconds = (seconds: number) => () => at(performance.now() + seconds * 1_000);

  // The mover and the receiver are of this measurement only.
  for (const { token } of [mover!, receiver!]) await removeNotes(base, token);
  const { run, phases, samples, stop } = createPhases(system, neighbour!.token);
  try {
    await run('warm-up', false, forSeconds(warmUpSeconds));
    await run('before', false, forSeconds(baselineSeconds));
    await run('import of NDJSON', true, () =>
      importInto(mover!.token, 'application/x-ndjson', Readable.from(lines())),
    );
    const exported = await run('export as NDJSON', true, () => exportOf('ndjson'));
    const zip = await run('export as zip', true, () => exportOf('zip'));
    console.log(`${exported.length} and ${zip.length} bytes`);
    await run('import of the zip', true, () =>
      importInto(receiver!.token, 'application/zip', Readable.from([zip])),
    );
    await run('after', false, forSeconds(baselineSeconds));
  } finally {
    stop();
    report(phases);
    writeFileSync(new URL('../results/transfer.svg', import.meta.url), plot([chartOf(samples)]));
  }
}

interface Transfer {
  method?: string;
  token: string;
  type?: string;
  content?: Readable;
}

/** Sends a stream and returns the body of the answer, for which it waits as long as it takes. */
async function transfer(url: string, { method, token, type, content }: Transfer): Promise<Buffer> {
  const headers = { Authorization: `Bearer ${token}`, ...(type !== undefined && { 'Content-Type': type }) };
  const sent = request(url, { method, headers });
  const answered = once(sent, 'response') as Promise<[IncomingMessage]>;
  const [[answer]] = await Promise.all([answered, pipeline(content ?? Readable.from([]), sent)]);
  return buffer(answer);
}

async function removeNotes(base: string, token: string): Promise<void> {
  const { body } = await send(`${base}/api/notes`, { token });
  for (const { id } of (body as { items: { id: string }[] }).items)
    await send(`${base}/api/notes/${id}?permanent=true`, { method: 'DELETE', token });
}

/** Prints a table, and whether the goals were reached. The ratios are to the calls before and after all transfers. */
function report(phases: Phase[]): void {
  const idle = phases.filter(({ name }) => name === 'before' || name === 'after');
  const p99 = (kind: 'list' | 'create', of: Phase[]) =>
    percentile(
      of.flatMap(({ times }) => times[kind]),
      0.99,
    );
  console.log('\n| phase | s | notes/s | MB | list p50, p99 | ratio | create p50, p99 | ratio | failed |');
  console.log('| --- | --- | --- | --- | --- | --- | --- | --- | --- |');
  let [largest, slowest, failed] = [0, 0, 0];
  for (const phase of phases.slice(1)) {
    const { name, seconds, megabytes, times } = phase;
    const columns = (['list', 'create'] as const).map((kind) => {
      const ratio = p99(kind, [phase]) / p99(kind, idle);
      if (seconds !== undefined) slowest = Math.max(slowest, ratio);
      return `${percentile(times[kind], 0.5).toFixed(1)}, ${p99(kind, [phase]).toFixed(1)} | ${ratio.toFixed(1)}`;
    });
    const speed = seconds === undefined ? '|' : `${seconds.toFixed(1)} | ${(count / seconds).toFixed(0)}`;
    console.log(
      `| ${name} | ${speed} | ${megabytes.toFixed(0)} | ${columns.join(' | ')} | ${times.failed} |`,
    );
    largest = Math.max(largest, megabytes);
    failed += times.failed;
  }
  console.log(`\nLargest memory: ${largest.toFixed(0)} MB, goal ${goals.megabytes} MB`);
  console.log(`Largest ratio of the p99: ${slowest.toFixed(1)}, goal ${goals.ratio}`);
  if (failed > 0) console.log(`FAULT: ${failed} calls of the other user failed`);
}

/** The memory of notes-service over time. */
const chartOf = (samples: Sample[]): Lines => ({
  title: 'Memory of notes-service, MB',
  xLabel: 'seconds',
  series: Object.entries(Object.groupBy(samples, ({ phase }) => phase)).map(([name, list = []]) => ({
    name,
    points: list.map(({ seconds, megabytes }) => [seconds, megabytes] as const),
  })),
});

await onTestSystem(measure);
