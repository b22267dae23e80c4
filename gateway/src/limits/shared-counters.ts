import { setTimeout as delay } from 'node:timers/promises';
import { createClient } from '@redis/client';
import type { Logger } from '@polyglot-notes/service-kit';
import { MemoryStore, type Options, type Store } from 'express-rate-limit';
import { RedisStore } from 'rate-limit-redis';

// A request waits at most this long. After a timeout, the server gets no commands during the pause.
const answerMs = 250;
const pauseMs = 1_000;
const reconnectMs = 500;
const silenceMs = 3_000;

/** Counters that all gateways share, in Valkey or Redis. */
export interface SharedCounters {
  /** A store for express-rate-limit, with `name` in its keys. */
  store(name: string): Store;
  close(): void;
}

/**
 * Connects to the server at `url` (`redis://` or `rediss://`) and reconnects when needed. While the server is
 * unavailable, each gateway counts for itself: a limit that is too generous is better than an unavailable API.
 */
export function sharedCounters(url: string, log: Logger): SharedCounters {
  let isUnavailable = false;
  let pausedUntil = 0;
  const client = createClient({
    url,
    disableOfflineQueue: true,
    // Bounds the commands that wait for a hanging server.
    commandsQueueMaxLength: 1_000,
    pingInterval: silenceMs / 3,
    socket: { connectTimeout: 2_000, socketTimeout: silenceMs, reconnectStrategy: reconnectMs },
  });
  client.on('error', reportUnavailable);
  client.on('ready', reportAvailable);
  void client.connect().catch(reportUnavailable);

  function reportUnavailable(error: unknown): void {
    if (!isUnavailable) log.warn({ err: error }, 'shared rate-limit counters unavailable: counting locally');
    isUnavailable = true;
  }

  function reportAvailable(): void {
    if (isUnavailable) log.info('shared rate-limit counters available again');
    isUnavailable = false;
  }

  /** The reply of the server; undefined when there is none in time. */
  async function send<Answer>(command: () => Promise<Answer>): Promise<Answer | undefined> {
    if (!client.isReady || Date.now() < pausedUntil) return undefined;
    const late = new AbortController();
    try {
      const answer = await Promise.race([
        command(),
        delay(answerMs, undefined, { signal: late.signal }).then((): never => {
          throw new Error(`no reply within ${answerMs} ms`);
        }),
      ]);
      reportAvailable();
      return answer;
    } catch (error) {
      reportUnavailable(error);
      pausedUntil = Date.now() + pauseMs;
      return undefined;
    } finally {
      late.abort();
    }
  }

  return {
    store(name) {
      const local = new MemoryStore();
      const shared = new RedisStore({
        prefix: `polyglot-notes:limits:${name}:`,
        sendCommand: (...args: string[]) => client.sendCommand(args),
      });
      return {
        localKeys: false,
        prefix: shared.prefix,
        init(options: Options) {
          local.init(options);
          // Repeated after each connection, because the store does not retry a failed load.
          const load = () => void shared.init(options).catch(reportUnavailable);
          client.on('ready', load);
          if (client.isReady) load();
        },
        increment: async (key) => (await send(() => shared.increment(key))) ?? local.increment(key),
        async decrement(key) {
          await send(() => shared.decrement(key));
          await local.decrement(key);
        },
        async resetKey(key) {
          await send(() => shared.resetKey(key));
          await local.resetKey(key);
        },
      };
    },
    close() {
      if (client.isOpen) client.destroy();
    },
  };
}
