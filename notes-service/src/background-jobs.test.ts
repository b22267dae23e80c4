import { expect, test } from '@jest/globals';
import { currentWork } from '@polyglot-notes/service-kit';
import { recordTracing, until } from '@polyglot-notes/service-kit/testing';
import { createJobs } from './background-jobs.ts';

function setUp() {
  const logged: { level: string; job: string }[] = [];
  const logAs =
    (level: string) =>
    ({ job }: { job: string }) =>
      void logged.push({ level, job });
  const log = { error: logAs('error'), warn: logAs('warn') };
  const { tracing, ended } = recordTracing();
  return { logged, ended, jobs: createJobs({ tracing, log }) };
}

/** A job that fails the first times, and a promise of its first success. */
function jobThatFails(failures: unknown[]) {
  const { promise, resolve } = Promise.withResolvers<void>();
  return {
    succeeded: promise,
    job: async () => {
      const failure = failures.shift();
      if (failure !== undefined) throw failure;
      resolve();
    },
  };
}

test('a job runs again after a failure, which is logged', async () => {
  const { logged, jobs } = setUp();
  const unavailable = Object.assign(new Error('refused'), { code: 'ECONNREFUSED' });
  const { succeeded, job } = jobThatFails([new Error('a fault'), unavailable]);
  jobs.every('sweep', 1, job);
  await succeeded;
  await jobs.close();
  expect(logged).toEqual([
    { level: 'error', job: 'sweep' },
    { level: 'warn', job: 'sweep' },
  ]);
});

test('closing waits for the job in progress, and starts no other', async () => {
  const { jobs } = setUp();
  const started = Promise.withResolvers<void>();
  const runs: string[] = [];
  jobs.every('slow', 1, async (closing) => {
    runs.push('started');
    started.resolve();
    await new Promise((resolve) => closing.addEventListener('abort', resolve));
    runs.push('ended');
  });
  await started.promise;
  await jobs.close();
  expect(runs).toEqual(['started', 'ended']);
});

test('a test can run a job at once and gets its failure', async () => {
  const { jobs } = setUp();
  jobs.every('purge', 60_000, () => Promise.reject(new Error('a fault')));
  await expect(jobs.run('purge')).rejects.toThrow('a fault');
  await jobs.close();
});

test('a run that has something to do is a span, which fails with it', async () => {
  const { jobs, ended } = setUp();
  const fault = new Error('a fault');
  const runs = [
    async () => {},
    async () => currentWork()?.begin(),
    async () => {
      currentWork()?.begin();
      throw fault;
    },
  ];
  jobs.every('sweep', 1, async () => runs.shift()?.());
  await until(() => ended.length === 2);
  await jobs.close();
  expect(ended).toEqual([
    { name: 'sweep', of: undefined, outcome: { error: undefined } },
    { name: 'sweep', of: undefined, outcome: { error: fault } },
  ]);
});
