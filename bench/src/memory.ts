// npm run bench -- memory: measures the memory of each service during many requests. See ../README.md.
import type { TestSystem } from '@polyglot-notes/local-stack/testing';
import { atMost } from './measuring/goals.ts';
import { defineMeasurement } from './measuring/measurement.ts';
import { memoryOf } from './measuring/processes.ts';
import { median } from './measuring/rounds.ts';
import { table } from './measuring/table.ts';
import { password, registerUsers } from './people.ts';
import { send } from './requests.ts';

const services = ['gateway', 'auth-service', 'user-service', 'notes-service'] as const;
type Service = (typeof services)[number];

const samplesWanted = 200;
// Garbage makes the heap rise and fall; the least of so many samples in a row is free of it.
const samplesInWindow = 10;
const loginEvery = 500;
// In every twenty requests.
const mix = [
  ...Array<'list'>(7).fill('list'),
  'profile',
  ...Array<'read'>(6).fill('read'),
  ...Array<'change'>(3).fill('change'),
  ...Array<'create'>(2).fill('create'),
  'refresh',
] as const;

/** The requests of one user through the gateway. Each throws if it is refused. */
async function createCalls(gateway: string, email: string) {
  let session = { accessToken: '', refreshToken: '' };
  let noteId = '';
  let count = 0;

  async function call<Body>(method: string, path: string, body?: object): Promise<Body> {
    const answer = await send(`${gateway}/api/${path}`, { method, token: session.accessToken, body });
    if (answer.status >= 300) throw new Error(`${method} ${path} was answered by ${answer.status}`);
    return answer.body as Body;
  }
  const noteOf = () => ({ title: `Note ${count++}`, content: 'Lorem ipsum dolor sit amet. '.repeat(10) });
  const calls = {
    list: () => call('GET', 'notes'),
    profile: () => call('GET', 'users/me'),
    read: () => call('GET', `notes/${noteId}`),
    change: () => call('PATCH', `notes/${noteId}`, noteOf()),
    create: async () => {
      noteId = (await call<{ id: string }>('POST', 'notes', noteOf())).id;
    },
    refresh: async () => {
      session = await call('POST', 'auth/refresh', { refreshToken: session.refreshToken });
    },
    login: async () => {
      session = await call('POST', 'auth/login', { email, password });
    },
  };
  await calls.login();
  await calls.create();
  return calls;
}

interface Sample {
  requests: number;
  of: Record<Service, { resident: number; heap: number }>;
}

async function sample({ metricsUrls }: TestSystem, requests: number): Promise<Sample> {
  const memory = await Promise.all(
    services.map(async (service) => [service, await memoryOf(metricsUrls[service])]),
  );
  return { requests, of: Object.fromEntries(memory) as Sample['of'] };
}

/** The users send the requests of the mix, each after the answer to its last one, with samples of the memory meanwhile. */
async function sendAll(system: TestSystem, users: number, requests: number): Promise<Sample[]> {
  const samples = [await sample(system, 0)];
  const every = Math.max(1, Math.round(requests / samplesWanted));
  const registered = await registerUsers([system], users);
  const numbers = Array.from({ length: requests }, (_, index) => index + 1).values();
  await Promise.all(
    registered.map(async ({ email }) => {
      const calls = await createCalls(system.urls.gateway, email);
      for (const number of numbers) {
        await calls[number % loginEvery === 0 ? 'login' : mix[number % mix.length]!]();
        if (number % every === 0) samples.push(await sample(system, number));
      }
    }),
  );
  return samples.toSorted((a, b) => a.requests - b.requests);
}

/** The ratio of the end to the begin of the line that fits best through the values, which are at equal distances. */
function growth(values: readonly number[]): number {
  const middle = (values.length - 1) / 2;
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const products = values.reduce((sum, value, index) => sum + (index - middle) * (value - mean), 0);
  const squares = values.reduce((sum, _, index) => sum + (index - middle) ** 2, 0);
  const half = (middle * products) / (squares || 1);
  return (mean + half) / (mean - half);
}

const leastOfWindows = (values: readonly number[]) =>
  Array.from({ length: Math.ceil(values.length / samplesInWindow) }, (_, window) =>
    Math.min(...values.slice(window * samplesInWindow, (window + 1) * samplesInWindow)),
  );

export const measurement = defineMeasurement({
  options: { requests: 400_000, users: 16, cost: 12 },
  smallest: { requests: 40, users: 2, cost: 4 },
  async measure({ requests, users, cost }, startSystem) {
    const system = await startSystem({ BCRYPT_COST: String(cost) });
    const samples = await sendAll(system, users, requests);
    const half = samples.slice(samples.length / 2);
    const valuesOf = (kind: 'resident' | 'heap', service: Service, of = half) =>
      of.map((each) => each.of[service][kind]);
    const growthOf = {
      resident: (service: Service) => growth(valuesOf('resident', service)),
      heap: (service: Service) => growth(leastOfWindows(valuesOf('heap', service))),
    };
    const rowOf = (service: Service) => {
      const columns = (['resident', 'heap'] as const).flatMap((kind) => [
        valuesOf(kind, service, samples)[0]!.toFixed(0),
        median(valuesOf(kind, service, half.slice(0, samplesInWindow))).toFixed(0),
        median(valuesOf(kind, service, half.slice(-samplesInWindow))).toFixed(0),
        growthOf[kind](service).toFixed(2),
      ]);
      return [service, ...columns];
    };
    const most = (ofService: (service: Service) => number) => Math.max(...services.map(ofService));
    const chartOf = (kind: 'resident' | 'heap', title: string) => ({
      title,
      xLabel: 'requests',
      series: services.map((service) => ({
        name: service,
        points: samples.map((each) => [each.requests, each.of[service][kind]] as const),
      })),
    });
    const count = (value: number) => value.toLocaleString('en-US');
    return {
      title: 'Memory',
      method: `${users} users send ${count(requests)} requests through the gateway: of every twenty, 7 list notes, 1 reads the profile, 6 read a note, 3 change one, 2 create one, and 1 refreshes the tokens; every ${loginEvery}th is a login. The ratio is that of the two ends of the line that fits best through the samples of the last half: of the resident memory, and of the least heap of every ${samplesInWindow} samples.`,
      tables: [
        table(
          ['MB', 'resident: idle', 'half', 'end', 'ratio', 'heap: idle', 'half', 'end', 'ratio'],
          services.map(rowOf),
        ),
      ],
      goals: [
        atMost(1.05, 'memory at the end, of that at half, where it grew most', most(growthOf.resident)),
        atMost(1.05, 'heap at the end, of that at half, where it grew most', most(growthOf.heap)),
      ],
      charts: [chartOf('resident', 'Resident memory, MB'), chartOf('heap', 'Heap, MB')],
    };
  },
});
