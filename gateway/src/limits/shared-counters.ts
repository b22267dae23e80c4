import type { Logger } from '@polyglot-notes/service-kit';
import { MemoryStore, type Options, type Store } from 'express-rate-limit';
import { RedisStore } from 'rate-limit-redis';
import { createCounterServer } from './counter-server.ts';

/** The part of a store of express-rate-limit that counts. */
export type CounterStore = Pick<Store, 'increment' | 'init'>;

/** Counters that several processes share. */
export interface SharedCounters {
  /** The store of one limit. */
  store(name: string): CounterStore;
  close(): void;
}

/**
 * Counts on the server at `url`, or with the workers of this gateway while it is unavailable: a generous limit is better
 * than no API.
 */
export function createSharedCounters(
  url: string,
  log: Logger,
  ofWorkers?: Pick<SharedCounters, 'store'>,
): SharedCounters {
  const server = createCounterServer(url, log);
  return {
    store(name) {
      const local: CounterStore = ofWorkers?.store(name) ?? new MemoryStore();
      const prefix = `polyglot-notes:limits:${name}:`;
      const shared = new RedisStore({ prefix, sendCommand: server.sendCommand });
      return {
        init(options: Options) {
          void local.init?.(options);
          // The store loads its scripts and does not retry a failed load.
          server.onConnection(() => shared.init(options));
        },
        increment: async (key) => (await server.attempt(() => shared.increment(key))) ?? local.increment(key),
      };
    },
    close: () => server.close(),
  };
}
