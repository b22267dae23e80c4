// npm run bench -- transfer [notes]: measures the import and export of many notes. See ../README.md.
import { randomUUID } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import type { TestSystem } from '@polyglot-notes/local-stack/testing';
import { onTestSystem } from './on-test-system.ts';
import { registerUsers } from './people.ts';
import { percentile } from './percentile.ts';
import { at, send } from './requests.ts';

const count = Number(process.argv[2] ?? 100_000);
const baselineSeconds = 15;
const requestsPerSecond = 10;

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

async function memoryOf(base: string): Promise<number> {
  const text = await (await fetch(`${base}/metrics`)).text();
  return Number(/^process_resident_memory_bytes\S* (\S+)/m.exec(text)?.[1]) / 1_048_576;
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
      ),
    );
  }
  await Promise.all(asking);
  return times;
}

async function measure(system: TestSystem): Promise<void> {
  const users = await registerUsers([system], 3);
  const [mover, neighbour, receiver] = users.map(({ sessions }) => sessions[0]);
  const base = system.urls['notes-service'];
  const samples: Sample[] = [];
  const began = performance.now();
  let phase = 'baseline';
  const sampling = setInterval(() => {
    void memoryOf(base).then((megabytes) =>
      samples.push({ seconds: (performance.now() - began) / 1_000, megabytes, phase }),
    );
  }, 1_000);

  const during = async <Result>(name: string, work: () => Promise<Result>): Promise<Result> => {
    phase = name;
    let isDone = false;
    const asked = askNeighbour(`${base}/api/notes`, neighbour!.token, () => isDone);
    const start = performance.now();
    const result = await work();
    const seconds = (performance.now() - start) / 1_000;
    isDone = true;
    const { list, create, failed } = await asked;
    const show = (times: number[]) =>
      `${percentile(times, 0.5).toFixed(1)} / ${percentile(times, 0.99).toFixed(1)}`;
    const largest = Math.max(
      ...samples.filter((sample) => sample.phase === name).map(({ megabytes }) => megabytes),
    );
    console.log(
      `${name}: ${seconds.toFixed(1)} s, ${(count / seconds).toFixed(0)} notes/s, ${largest.toFixed(0)} MB; other user p50 / p99: list ${show(list)}, create ${show(create)} ms, ${failed} failed`,
    );
    return result;
  };
  const headers = (token: string) => ({ Authorization: `Bearer ${token}` });
  const importInto = async (token: string, type: string, body: ReadableStream<Uint8Array> | ArrayBuffer) => {
    const answer = await fetch(`${base}/api/notes/import`, {
      method: 'POST',
      headers: { ...headers(token), 'Content-Type': type },
      body,
      duplex: 'half',
    });
    return JSON.stringify(await answer.json()).slice(0, 200);
  };
  const exportOf = async (format: string) =>
    (
      await fetch(`${base}/api/notes/export?format=${format}`, { headers: headers(mover!.token) })
    ).arrayBuffer();

  await during('baseline', () => at(performance.now() + baselineSeconds * 1_000));
  const ndjson = ReadableStream.from(lines());
  console.log(
    await during('import of NDJSON', () => importInto(mover!.token, 'application/x-ndjson', ndjson)),
  );
  const exported = await during('export as NDJSON', () => exportOf('ndjson'));
  const zip = await during('export as zip', () => exportOf('zip'));
  console.log(`${exported.byteLength} and ${zip.byteLength} bytes`);
  console.log(await during('import of the zip', () => importInto(receiver!.token, 'application/zip', zip)));
  clearInterval(sampling);
  writeFileSync(new URL('../results/transfer.svg', import.meta.url), plotOf(samples));
}

const colors = ['#1f6feb', '#d29922', '#2da44e', '#cf222e', '#8250df'];
const [width, height] = [860, 300];

/** The memory of notes-service over time, as SVG. */
function plotOf(samples: Sample[]): string {
  const end = samples.at(-1)?.seconds ?? 1;
  const top = Math.max(250, ...samples.map(({ megabytes }) => megabytes)) * 1.05;
  const y = (megabytes: number) => height - 40 - (megabytes / top) * (height - 60);
  const x = (seconds: number) => 50 + (seconds / end) * (width - 70);
  const phases = Object.entries(Object.groupBy(samples, ({ phase }) => phase));
  const lineOf = (list: Sample[], color: string | undefined) =>
    `<polyline fill="none" stroke="${color}" stroke-width="2" points="${list.map((each) => `${x(each.seconds).toFixed(1)},${y(each.megabytes).toFixed(1)}`).join(' ')}"/>`;
  const drawn = phases.map(
    ([phase, list = []], index) =>
      `${lineOf(list, colors[index])}<text x="${x(list[0]?.seconds ?? 0).toFixed(0)}" y="${height - 8 - (index % 2) * 14}" fill="${colors[index]}">${phase}</text>`,
  );
  const ticks = [0, 100, 200, 250].map(
    (value) =>
      `<text x="4" y="${y(value)}">${value} MB</text><path d="M50 ${y(value)}H${width - 20}" stroke="#ddd"/>`,
  );
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" font-family="sans-serif" font-size="11">
<rect width="${width}" height="${height}" fill="#fff"/>
${[...ticks, ...drawn].join('\n')}
</svg>
`;
}

await onTestSystem(measure);
