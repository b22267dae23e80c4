import { within, type Answer, type Logger, type Peer } from '@polyglot-notes/service-kit';
import { MemoryStore, type Options } from 'express-rate-limit';
import type { SharedCounters } from './shared-counters.ts';

type CountCall = [name: string, windowMs: number, key: string];
type Count = [totalHits: number, resetTime: number | undefined];

// A request waits at most this long for its count.
const replyMs = 1_000;

/** Counters in the primary process, which all workers of a gateway share. A worker that gets no count counts by itself. */
export const createPrimaryCounters = (primary: Peer, log: Logger): SharedCounters => ({
  store(name) {
    let windowMs: number;
    const local = new MemoryStore();
    return {
      init(options: Options) {
        windowMs = options.windowMs;
        local.init(options);
      },
      async increment(key) {
        const call: CountCall = [name, windowMs, key];
        try {
          const [totalHits, resetTime] = await within(replyMs, primary.call<Count>('count', call));
          return { totalHits, resetTime: resetTime === undefined ? undefined : new Date(resetTime) };
        } catch (error) {
          log.warn({ err: error }, 'the primary process did not count: counting in this worker');
          return local.increment(key);
        }
      },
    };
  },
  close: () => {},
});

/** What the primary process answers when a worker counts a request. */
export function answerCounts(): { count: Answer } {
  const stores = new Map<string, MemoryStore>();

  function storeOf(name: string, windowMs: number): MemoryStore {
    const known = stores.get(name);
    if (known !== undefined) return known;
    const store = new MemoryStore();
    store.init({ windowMs } as Options);
    stores.set(name, store);
    return store;
  }

  async function increment([name, windowMs, key]: CountCall): Promise<Count> {
    const { totalHits, resetTime } = await storeOf(name, windowMs).increment(key);
    return [totalHits, resetTime?.getTime()];
  }

  // The store returns an object that the next count changes, so each waits until the count before has been read.
  let last: Promise<unknown> = Promise.resolve();
  return {
    count(body) {
      const counted = last.then(() => increment(body as CountCall));
      last = counted.catch(() => {});
      return counted;
    },
  };
}
