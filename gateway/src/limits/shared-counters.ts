import type { Logger } from '@polyglot-notes/service-kit';
import { MemoryStore, type Options, type Store } from 'express-rate-limit';
import { RedisStore } from 'rate-limit-redis';
import { createCounterServer } from './counter-server.ts';

/** Counters that all gateways share, in Valkey or Redis. */
export interface SharedCounters {
  /** A store for express-rate-limit, with `name` in its keys. */
  store(name: string): Store;
  close(): void;
}

/** Counts on the server at `url`, or locally while it is unavailable: a generous limit is better than no API. */
export function createSharedCounters(url: string, log: Logger): SharedCounters {
  const server = createCounterServer(url, log);
  return {
    store(name) {
      const local = new MemoryStore();
      const prefix = `polyglot-notes:limits:${name}:`;
      const shared = new RedisStore({ prefix, sendCommand: server.sendCommand });
      return {
        localKeys: false,
        prefix,
        init(options: Options) {
          local.init(options);
          // The store loads its scripts and does not retry a failed load.
          server.onConnection(() => shared.init(options));
        },
        increment: async (key) => (await server.attempt(() => shared.increment(key))) ?? local.increment(key),
        async decrement(key) {
          await server.attempt(() => shared.decrement(key));
          await local.decrement(key);
        },
        async resetKey(key) {
          await server.attempt(() => shared.resetKey(key));
          await local.resetKey(key);
        },
      };
    },
    close: () => server.close(),
  };
}
