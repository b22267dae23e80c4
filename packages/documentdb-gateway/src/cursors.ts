export type Cursors = {
  /** Keeps where a cursor goes on. */
  keep(id: string, continuation: string): void;
  /** Where the cursor goes on; undefined when it is closed, unknown or expired. */
  find(id: string): string | undefined;
  /** Whether there was such a cursor to close. */
  close(id: string): boolean;
};

/**
 * The cursors clients have open. Those unused for `idleMs` and the oldest above `limit` are forgotten, because
 * a client may never come back for the rest. `clock` gives milliseconds.
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
