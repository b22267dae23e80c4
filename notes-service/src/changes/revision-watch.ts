import { AsyncLocalStorage } from 'node:async_hooks';
import { setTimeout as delay } from 'node:timers/promises';
import { Problem, problems, type Logger } from '@polyglot-notes/service-kit';

/** A request that waits for a later revision of its owner. */
export interface Watcher {
  /** Resolves when the owner may have a later revision than `rev`, at once if it was changed since the last call, or at `end`. Throws `rate_limited` when too many requests of the user wait. */
  changeAfter(rev: number, end: AbortSignal): Promise<void>;
  stop(): void;
}

export type RevisionWatch = ReturnType<typeof createRevisionWatch>;

interface Dependencies {
  /** Reads the revisions of owners. */
  revisions: (userIds: string[]) => Promise<{ id: string; rev: number }[]>;
  log: Logger;
  limits?: { ofUser: number; inAll: number };
  pollMs?: number;
}

/**
 * Wakes requests that wait for changes: at once by `notify`, and by reading the revisions of all waiting owners in one
 * statement, for the writes of other instances. Waiting takes no connection to the database.
 */
export function createRevisionWatch({
  revisions,
  log,
  limits = { ofUser: 10, inAll: 2_000 },
  pollMs = 500,
}: Dependencies) {
  const waiting = new Map<string, Set<Wakeable>>();
  const closing = new AbortController();
  // The poll must not be part of the request that starts it: it serves others after it.
  const outsideRequest = AsyncLocalStorage.snapshot();
  let count = 0;
  let polling: Promise<void> | undefined;

  function add(userId: string, watcher: Wakeable): void {
    waiting.set(userId, (waiting.get(userId) ?? new Set()).add(watcher));
    count++;
  }

  function remove(userId: string, watcher: Wakeable): void {
    const ofUser = waiting.get(userId);
    if (ofUser?.delete(watcher) !== true) return;
    count--;
    if (ofUser.size === 0) waiting.delete(userId);
  }

  async function pollOnce(): Promise<void> {
    for (const { id, rev } of await revisions([...waiting.keys()]))
      for (const watcher of waiting.get(id) ?? []) if (rev > watcher.seenRev) watcher.wake();
  }

  /** Polls while requests wait. Logs the first of several failures. */
  async function poll(): Promise<void> {
    let isFailing = false;
    while (count > 0) {
      await delay(pollMs, undefined, { signal: closing.signal, ref: false });
      try {
        if (count > 0) await pollOnce();
        isFailing = false;
      } catch (err) {
        if (!isFailing) log.warn({ err }, 'the revisions of waiting owners cannot be read');
        isFailing = true;
      }
    }
  }

  function startPolling(): void {
    polling ??= outsideRequest(poll)
      .catch(() => {})
      .finally(() => {
        polling = undefined;
      });
  }

  return {
    /**
     * Starts to watch an owner. Too many requests of one user refuse the oldest, because a client may have disconnected
     * unnoticed. Throws `service_unavailable` when too many requests wait.
     */
    watch(userId: string): Watcher {
      const [oldest, ...others] = waiting.get(userId) ?? [];
      if (oldest !== undefined && others.length + 1 >= limits.ofUser) {
        remove(userId, oldest);
        oldest.refuse();
      }
      if (count >= limits.inAll) throw new Problem(problems.serviceUnavailable);
      const watcher = createWakeable();
      add(userId, watcher);
      startPolling();
      return {
        changeAfter: (rev, end) => watcher.changeAfter(rev, end),
        stop: () => remove(userId, watcher),
      };
    },

    /** Wakes the requests that wait for changes of an owner. */
    notify(userId: string): void {
      for (const watcher of waiting.get(userId) ?? []) watcher.wake();
    },

    close: () => closing.abort(),
  };
}

type Wakeable = ReturnType<typeof createWakeable>;

function createWakeable() {
  let isWoken = false;
  let isRefused = false;
  let resolveWait = () => {};
  const wakeable = {
    seenRev: Number.POSITIVE_INFINITY,
    wake() {
      isWoken = true;
      resolveWait();
    },
    refuse() {
      isRefused = true;
      resolveWait();
    },
    async changeAfter(rev: number, end: AbortSignal): Promise<void> {
      wakeable.seenRev = rev;
      if (!isWoken && !isRefused && !end.aborted) {
        const { promise, resolve } = Promise.withResolvers<void>();
        resolveWait = resolve;
        const onEnd = () => resolve();
        end.addEventListener('abort', onEnd);
        await promise;
        end.removeEventListener('abort', onEnd);
      }
      isWoken = false;
      if (isRefused) throw tooManyOfUser();
    },
  };
  return wakeable;
}

const tooManyOfUser = () =>
  new Problem(problems.rateLimited, {
    detail: 'Too many requests of the user wait for changes',
    headers: { 'Retry-After': '1' },
  });
