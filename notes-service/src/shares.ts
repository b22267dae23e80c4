import { Problem, problems } from '@polyglot-notes/service-kit';

/** Runs work of a user in their share. Throws `rate_limited` when it is full, and `service_unavailable` when the work waited too long. */
export type Share = <Result>(userId: string, work: () => Promise<Result>) => Promise<Result>;

interface Limits {
  /** How much work of one user runs at a time. */
  running: number;
  /** How much more of it may wait. */
  waiting: number;
  waitMs: number;
}

/** Creates a share for each user. Waiting work holds no connection to the database and starts in the order of arrival. */
export function createShares({ running, waiting, waitMs }: Limits): Share {
  const shares = new Map<string, { running: number; queue: Set<() => void> }>();
  return async (userId, work) => {
    const share = shares.get(userId) ?? { running: 0, queue: new Set() };
    shares.set(userId, share);
    if (share.running < running) share.running++;
    else if (share.queue.size < waiting) await place(share.queue, waitMs);
    else throw shareIsFull();
    try {
      return await work();
    } finally {
      const [next] = share.queue;
      if (next !== undefined) next();
      else if (--share.running === 0) shares.delete(userId);
    }
  };
}

/** Waits in the queue until the place of finished work is free. */
async function place(queue: Set<() => void>, waitMs: number): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  const timer = setTimeout(() => {
    queue.delete(take);
    reject(new Problem(problems.serviceUnavailable));
  }, waitMs).unref();
  const take = () => {
    clearTimeout(timer);
    queue.delete(take);
    resolve();
  };
  queue.add(take);
  await promise;
}

const shareIsFull = () =>
  new Problem(problems.rateLimited, {
    detail: 'Too many requests of the user are in progress',
    headers: { 'Retry-After': '1' },
  });
