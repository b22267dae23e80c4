import type { Logger } from './logging.ts';

const maxQueued = 1_000;

export type BackgroundWork = ReturnType<typeof backgroundWork>;

/** Runs work after the response. A failure is logged, and a shutdown can wait for the work in progress. */
export function backgroundWork(log: Logger) {
  const running = new Set<Promise<void>>();
  let queue = Promise.resolve();
  let queued = 0;

  /** Starts `work`. `failure` is the log message if it throws. */
  function run(failure: string, work: () => Promise<void>): Promise<void> {
    const task = work()
      .catch((err: unknown) => log.error({ err }, failure))
      .finally(() => running.delete(task));
    running.add(task);
    return task;
  }

  return {
    run(failure: string, work: () => Promise<void>): void {
      void run(failure, work);
    },

    /** Starts `work` when all earlier work of the queue has ended. Drops it, with a warning, while a thousand others wait. */
    queue(failure: string, work: () => Promise<void>): void {
      if (queued === maxQueued) {
        log.warn({ queued }, `${failure}: too much work is queued`);
        return;
      }
      queued++;
      const previous = queue;
      queue = run(failure, async () => {
        await previous;
        queued--;
        await work();
      });
    },

    async settled(): Promise<void> {
      while (running.size > 0) await Promise.all(running);
    },
  };
}
