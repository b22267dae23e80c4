import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { promisify } from 'node:util';

const run = promisify(execFile);
const autocannon = createRequire(import.meta.url).resolve('autocannon');

export interface Load {
  url: string;
  token: string;
  connections: number;
  seconds: number;
}

export interface Measured {
  requestsPerSecond: number;
  /** Milliseconds. */
  p99: number;
  requests: number;
}

/** Sends requests from a process of its own: wrk where it is installed, else autocannon. Throws if one fails. */
export async function load(what: Load): Promise<Measured> {
  const measured = (await hasWrk()) ? await loadWithWrk(what) : await loadWithAutocannon(what);
  if (measured.failed > 0) throw new Error(`${what.url}: ${measured.failed} of ${measured.requests} failed`);
  return measured;
}

let wrk: Promise<boolean> | undefined;
const hasWrk = () =>
  (wrk ??= run('wrk', ['--version']).then(
    () => true,
    // `wrk --version` prints its version and ends with 1.
    (error: { code?: unknown }) => error.code === 1,
  ));

const header = (token: string) => `Authorization: Bearer ${token}`;

async function loadWithWrk({ url, token, connections, seconds }: Load) {
  const how = ['-t1', `-c${connections}`, `-d${seconds}s`, '--latency', '--timeout', '10s'];
  const { stdout } = await run('wrk', [...how, '-H', header(token), url]);
  const number = (pattern: RegExp) => Number(pattern.exec(stdout)?.[1] ?? 0);
  const [, value = '0', unit = 'ms'] = /99%\s+([\d.]+)(us|ms|s)/.exec(stdout) ?? [];
  const errors = /Socket errors: connect (\d+), read (\d+), write (\d+), timeout (\d+)/.exec(stdout) ?? [];
  return {
    requestsPerSecond: number(/Requests\/sec:\s+([\d.]+)/),
    requests: number(/(\d+) requests in/),
    p99: Number(value) * { us: 0.001, ms: 1, s: 1_000 }[unit]!,
    failed:
      number(/Non-2xx or 3xx responses: (\d+)/) +
      errors.slice(1).reduce((sum, text) => sum + Number(text), 0),
  };
}

interface AutocannonResult {
  requests: { total: number };
  latency: { p99: number };
  duration: number;
  non2xx: number;
  errors: number;
}

async function loadWithAutocannon({ url, token, connections, seconds }: Load) {
  const how = [
    '--json',
    '--no-progress',
    '--connections',
    String(connections),
    '--duration',
    String(seconds),
  ];
  const { stdout } = await run(process.execPath, [autocannon, ...how, '--headers', header(token), url]);
  const { requests, latency, duration, non2xx, errors } = JSON.parse(stdout) as AutocannonResult;
  return {
    requestsPerSecond: requests.total / duration,
    requests: requests.total,
    p99: latency.p99,
    failed: non2xx + errors,
  };
}

// A tick of the times in /proc, as `getconf CLK_TCK` says on every architecture.
const tickMs = 10;

/** The processor time that some processes have taken, in ms; undefined where there is no /proc. */
export async function processorTime(pids: readonly number[]): Promise<number | undefined> {
  try {
    const stats = await Promise.all(pids.map((pid) => readFile(`/proc/${pid}/stat`, 'utf8')));
    // The name of the program, in parentheses, may have spaces. The fields 14 and 15 are the times.
    return stats
      .map((stat) => stat.slice(stat.lastIndexOf(')') + 2).split(' '))
      .reduce((sum, fields) => sum + (Number(fields[11]) + Number(fields[12])) * tickMs, 0);
  } catch {
    return undefined;
  }
}
