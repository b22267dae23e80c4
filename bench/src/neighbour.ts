// npm run bench -- neighbour: measures how much one user's searches slow down another user. See ../README.md.
import type { TestSystem } from '@polyglot-notes/local-stack/testing';
import { onTestSystem } from './on-test-system.ts';
import { registerUsers } from './people.ts';
import { at, send } from './requests.ts';

const notes = 100;
const contentLength = 100_000;
const vocabulary = 5_000;
const searchesPerSecond = 5;
const requestsPerSecond = 20;
const seconds = 20;

const randomWords = () => {
  const words: string[] = [];
  for (let length = 0; length < contentLength; length += words.at(-1)!.length + 1)
    words.push(`w${Math.floor(Math.random() * vocabulary)}`);
  return words.join(' ').slice(0, contentLength);
};

/** Sends a request to each path in turn, on schedule, without waiting for earlier answers. */
async function sendOnSchedule(token: string, urls: string[], perSecond: number) {
  const began = performance.now();
  const answers = Array.from({ length: seconds * perSecond }, async (_, index) => {
    await at(began + (index * 1_000) / perSecond);
    const { status, sentAt, answeredAt } = await send(urls[index % urls.length]!, { token });
    return { status, took: answeredAt - sentAt };
  });
  return Promise.all(answers);
}

type Answers = Awaited<ReturnType<typeof sendOnSchedule>>;

const p95 = (answers: Answers) =>
  answers.map(({ took }) => took).toSorted((a, b) => a - b)[Math.floor(answers.length * 0.95)]!;

const statuses = (answers: Answers) =>
  Object.entries(Object.groupBy(answers, ({ status }) => String(status)))
    .map(([status, list]) => `${list?.length} × ${status}`)
    .join(', ');

async function measure(system: TestSystem): Promise<void> {
  const [greedy, neighbour] = (await registerUsers([system], 2)).map(({ sessions }) => sessions[0]);
  const list = `${system.urls['notes-service']}/api/notes`;
  for (let i = 0; i < notes; i++)
    await send(list, { method: 'POST', token: greedy!.token, body: { content: randomWords() } });
  const ask = () =>
    sendOnSchedule(neighbour!.token, [list, `${list}?search=milk&total=true`], requestsPerSecond);
  await ask();
  const idle = await ask();
  const [searches, loaded] = await Promise.all([
    sendOnSchedule(greedy!.token, [`${list}?search=w&limit=100&total=true`], searchesPerSecond),
    ask(),
  ]);
  console.log(`Searches of the greedy user: ${statuses(searches)}, p95 ${p95(searches).toFixed(0)} ms`);
  console.log(`Neighbour, idle:   ${statuses(idle)}, p95 ${p95(idle).toFixed(1)} ms`);
  console.log(`Neighbour, loaded: ${statuses(loaded)}, p95 ${p95(loaded).toFixed(1)} ms`);
  console.log(`Ratio of the two p95: ${(p95(loaded) / p95(idle)).toFixed(1)}`);
}

await onTestSystem(measure);
