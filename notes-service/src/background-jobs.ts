import { setTimeout as delay } from 'node:timers/promises';
import { currentWork, traceWork, type Logger, type Tracing } from '@polyglot-notes/service-kit';
import { isUnavailable } from './database.ts';

/** Work that is repeated. It can stop early when `closing` aborts, and begins its trace when it has something to do. */
type Job = (closing: AbortSignal) => Promise<void>;

export type Jobs = ReturnType<typeof createJobs>;

/** Runs work of this instance again and again until it is closed. */
export function createJobs({
  tracing,
  log,
}: {
  tracing: Tracing | undefined;
  log: Pick<Logger, 'error' | 'warn'>;
}) {
  const closing = new AbortController();
  const jobs = new Map<string, Job>();
  const running: Promise<void>[] = [];

  async function run(name: string): Promise<void> {
    const job = jobs.get(name);
    if (job === undefined) throw new Error(`there is no job ${name}`);
    await job(closing.signal);
  }

  async function repeat(name: string, ms: number): Promise<void> {
    for (;;) {
      await delay(jittered(ms), undefined, { signal: closing.signal, ref: false }).catch(() => {});
      if (closing.signal.aborted) return;
      await traceWork(tracing, { name }, () => runOrLog(name));
    }
  }

  const runOrLog = (name: string) =>
    run(name).catch((err: unknown) => {
      currentWork()?.fail(err);
      if (closing.signal.aborted) return;
      log[isUnavailable(err) ? 'warn' : 'error'](
        { err, job: name },
        'a background job failed, will be repeated',
      );
    });

  return {
    /** Runs `job` about every `ms`, and the next time after a failure, which is logged. */
    every(name: string, ms: number, job: Job): void {
      jobs.set(name, job);
      running.push(repeat(name, ms));
    },

    /** Runs a job now. Throws what the job throws. */
    run,

    /** Stops when the jobs in progress have ended. */
    async close(): Promise<void> {
      closing.abort();
      await Promise.all(running);
    },
  };
}

/** Between half of it and all of it, so that several instances do not run in step. */
const jittered = (ms: number) => ms * (0.5 + Math.random() / 2);
