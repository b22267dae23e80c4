import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);
const autocannon = createRequire(import.meta.url).resolve('autocannon');

interface Load {
  url: string;
  /** Access tokens. Each request has the next one. */
  tokens: readonly string[];
  connections: number;
  seconds: number;
}

export interface Measured {
  requestsPerSecond: number;
  requests: number;
  /** Milliseconds. */
  p50: number;
  p99: number;
  /** The number of refusals, connection errors and time-outs. */
  failed: number;
}

/** Sends requests as `loadAndCount` does, and throws if one fails. */
export async function load(what: Load): Promise<Measured> {
  const measured = await loadAndCount(what);
  if (measured.failed > 0) throw new Error(`${what.url}: ${measured.failed} of ${measured.requests} failed`);
  return measured;
}

/**
 * Sends requests from a process of its own, with wrk where it is installed and else with autocannon. Each connection
 * sends the next request after the answer.
 */
export async function loadAndCount(what: Load): Promise<Measured> {
  const folder = await mkdtemp(join(tmpdir(), 'polyglot-notes-load-'));
  try {
    const send = (await hasWrk()) ? loadWithWrk : loadWithAutocannon;
    return await send(what, join(folder, 'requests'));
  } finally {
    await rm(folder, { recursive: true });
  }
}

let wrk: Promise<boolean> | undefined;
const hasWrk = () =>
  (wrk ??= run('wrk', ['--version']).then(
    () => true,
    // `wrk --version` prints its version and ends with 1.
    (error: { code?: unknown }) => error.code === 1,
  ));

async function loadWithWrk({ url, tokens, connections, seconds }: Load, file: string): Promise<Measured> {
  await writeFile(file, scriptOf(tokens));
  const how = ['-t1', `-c${connections}`, `-d${Math.ceil(seconds)}s`, '--latency', '--timeout', '10s'];
  const running = run('wrk', [...how, '-s', file, url]);
  // It counts whole seconds, and reports early after this signal.
  const timer = setTimeout(() => running.child.kill('SIGINT'), seconds * 1_000);
  const { stdout } = await running;
  clearTimeout(timer);
  const number = (pattern: RegExp) => Number(pattern.exec(stdout)?.[1] ?? 0);
  const latency = (percent: number) => {
    const [, value, unit] = new RegExp(`${percent}%\\s+([\\d.]+)(us|ms|s|m)\\b`).exec(stdout) ?? [];
    return Number(value) * ({ us: 0.001, ms: 1, s: 1_000, m: 60_000 }[unit!] ?? Number.NaN);
  };
  const errors = /Socket errors: connect (\d+), read (\d+), write (\d+), timeout (\d+)/.exec(stdout) ?? [];
  return {
    requestsPerSecond: number(/Requests\/sec:\s+([\d.]+)/),
    requests: number(/(\d+) requests in/),
    p50: latency(50),
    p99: latency(99),
    failed:
      number(/Non-2xx or 3xx responses: (\d+)/) +
      errors.slice(1).reduce((sum, text) => sum + Number(text), 0),
  };
}

const scriptOf = (tokens: readonly string[]) => `
local tokens, requests, sent = { ${tokens.map((token) => `"${token}"`).join(', ')} }, {}, 0
function init()
  for index, token in ipairs(tokens) do
    requests[index] = wrk.format("GET", nil, { Authorization = "Bearer " .. token })
  end
end
function request()
  sent = sent % #requests + 1
  return requests[sent]
end
`;

interface AutocannonResult {
  requests: { total: number };
  latency: { p50: number; p99: number };
  duration: number;
  non2xx: number;
  errors: number;
}

async function loadWithAutocannon({ url, tokens, connections, seconds }: Load, file: string) {
  const entries = tokens.map((token) => ({
    request: { method: 'GET', url, headers: [{ name: 'Authorization', value: `Bearer ${token}` }] },
  }));
  await writeFile(file, JSON.stringify({ log: { entries } }));
  const how = [
    '--json',
    '--no-progress',
    '--connections',
    String(connections),
    '--duration',
    String(seconds),
  ];
  const { stdout } = await run(process.execPath, [autocannon, ...how, '--har', file, url]);
  const { requests, latency, duration, non2xx, errors } = JSON.parse(stdout) as AutocannonResult;
  return {
    requestsPerSecond: requests.total / duration,
    requests: requests.total,
    p50: latency.p50,
    p99: latency.p99,
    failed: non2xx + errors,
  };
}
