import { setTimeout as delay } from 'node:timers/promises';
import { createClient } from '@redis/client';
import type { Logger } from '@polyglot-notes/service-kit';
import { MemoryStore, type Options, type Store } from 'express-rate-limit';
import { RedisStore } from 'rate-limit-redis';

// A request waits no longer for its number; then nothing is asked for a while, so that few do wait.
const answerMs = 250;
const pauseMs = 1_000;
const reconnectMs = 500;
const silenceMs = 3_000;

/** Counters that all gateways share, in Valkey or Redis. */
export interface SharedCounters {
  /** A store for express-rate-limit; `name` tells its keys from those of others. */
  store(name: string): Store;
  close(): void;
}

/**
 * Connects to the server at `url` (`redis://` or `rediss://`), now or as soon as it is there. While it does not answer
 * each gateway counts for itself: a limit that is too generous for a moment does less harm than an API that is away.
 */
export function sharedCounters(url: string, log: Logger): SharedCounters {
  let isAway = false;
  let pausedUntil = 0;
  const client = createClient({
    url,
    disableOfflineQueue: true,
    // A server that hangs: what waits for it is given up with the connection, and is never much.
    commandsQueueMaxLength: 1_000,
    pingInterval: silenceMs / 3,
    socket: { connectTimeout: 2_000, socketTimeout: silenceMs, reconnectStrategy: reconnectMs },
  });
  client.on('error', sayAway);
  client.on('ready', sayBack);
  void client.connect().catch(sayAway);

  function sayAway(error: unknown): void {
    if (!isAway) log.warn({ err: error }, 'the shared counters of the limits are away: counting here');
    isAway = true;
  }

  function sayBack(): void {
    if (isAway) log.info('the shared counters of the limits are back');
    isAway = false;
  }

  /** The answer of the server, or undefined when there is none in time. */
  async function ask<Answer>(question: () => Promise<Answer>): Promise<Answer | undefined> {
    if (!client.isReady || Date.now() < pausedUntil) return undefined;
    const late = new AbortController();
    try {
      const answer = await Promise.race([
        question(),
        delay(answerMs, undefined, { signal: late.signal }).then((): never => {
          throw new Error(`no answer within ${answerMs} ms`);
        }),
      ]);
      sayBack();
      return answer;
    } catch (error) {
      sayAway(error);
      pausedUntil = Date.now() + pauseMs;
      return undefined;
    } finally {
      late.abort();
    }
  }

  return {
    store(name) {
      const here = new MemoryStore();
      const shared = new RedisStore({
        prefix: `polyglot-notes:limits:${name}:`,
        sendCommand: (...args: string[]) => client.sendCommand(args),
      });
      return {
        localKeys: false,
        prefix: shared.prefix,
        init(options: Options) {
          here.init(options);
          // Anew after each connection, because one that fails is remembered as the store's.
          const load = () => void shared.init(options).catch(sayAway);
          client.on('ready', load);
          if (client.isReady) load();
        },
        increment: async (key) => (await ask(() => shared.increment(key))) ?? here.increment(key),
        async decrement(key) {
          await ask(() => shared.decrement(key));
          await here.decrement(key);
        },
        async resetKey(key) {
          await ask(() => shared.resetKey(key));
          await here.resetKey(key);
        },
      };
    },
    close() {
      if (client.isOpen) client.destroy();
    },
  };
}
