import type { Logger } from './logging.ts';

export type BackgroundWork = ReturnType<typeof backgroundWork>;

/** Work that goes on after the answer: a failure is logged, and a stop can wait for what is still under way. */
export function backgroundWork(log: Logger) {
  const running = new Set<Promise<void>>();
  return {
    /** Begins `work`; `failure` is what the log says should it throw. */
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
