export type Cursors = {
  /** Stores the continuation of a cursor. */
  keep(id: string, continuation: string): void;
  /** The continuation of a cursor; undefined when it is closed, unknown or expired. */
  find(id: string): string | undefined;
  /** Closes a cursor; returns whether it was open. */
  close(id: string): boolean;
};

/**
 * The open cursors of all clients. Removes those unused for `idleMs` and the oldest above `limit`, because
 * a client may never read the rest. `clock` returns milliseconds.
 */
export function openCursors({ limit = 5000, idleMs = 600_000, clock = Date.now } = {}): Cursors {
  const open = new Map<string, { continuation: string; used: number }>(); // the longest unused first
  return {
    keep(id, continuation) {
      open.delete(id);
      open.set(id, { continuation, used: clock() });
      for (const [oldest, { used }] of open) {
        if (open.size <= limit && clock() - used < idleMs) break;
        open.delete(oldest);
      }
    },
    find: (id) => {
      const cursor = open.get(id);
      return cursor && clock() - cursor.used < idleMs ? cursor.continuation : undefined;
    },
    close: (id) => open.delete(id),
  };
}
