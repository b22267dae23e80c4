import type { Logger } from './logging.ts';

export type BackgroundWork = ReturnType<typeof backgroundWork>;

/** Runs work after the response. A failure is logged, and a shutdown can wait for the work in progress. */
export function backgroundWork(log: Logger) {
  const running = new Set<Promise<void>>();
  return {
    /** Starts `work`. `failure` is the log message if it throws. */
    run(failure: string, work: () => Promise<void>): void {
      const task = work()
        .catch((err: unknown) => log.error({ err }, failure))
        .finally(() => running.delete(task));
      running.add(task);
    },

    async settled(): Promise<void> {
      while (running.size > 0) await Promise.all(running);
    },
  };
}
