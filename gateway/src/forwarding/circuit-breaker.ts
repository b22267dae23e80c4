// One slow request, or one instance of several that cannot be reached, is no sign: it takes three in a row.
const enough = 3;
// Shorter than Retry-After, so that who comes back as told finds a try due.
const pauseMs = 1_000;
// Who is refused in milliseconds has not waited; to remember that would only keep a service away that is there again.
const quickMs = 200;
// Three slow requests in a quiet night are no row.
const forgetMs = 60_000;

/**
 * Remembers that a service is away, so that not every request has to wait in vain. Opens on faults in a row with no answer
 * in between; any answer, also to an older request, closes it. While it is open one request a second tries, whether or
 * not the try before has ended: one that is slow by itself must not keep everyone out for as long.
 */
export function circuitBreaker(now = () => performance.now()) {
  let faults = 0;
  let last: { fault: unknown; at: number } = { fault: undefined, at: -Infinity };
  let answeredAt = -Infinity;
  let tryAt = 0;

  return {
    /** Begins a request and is told how it ends; undefined when it is not to be sent. */
    begin() {
      const startedAt = now();
      if (startedAt - last.at > forgetMs) faults = 0;
      if (faults >= enough) {
        if (startedAt < tryAt) return undefined;
        tryAt = startedAt + pauseMs;
      }
      return {
        answered(): void {
          faults = 0;
          answeredAt = now();
        },
        /** No connection, or silence; says nothing when the service has answered anyone since the request began. */
        failed(fault: unknown): void {
          const at = now();
          if (at - startedAt < quickMs || answeredAt >= startedAt) return;
          faults++;
          last = { fault, at };
          tryAt = at + pauseMs;
        },
      };
    },

    /** Why it is open. */
    lastFault: () => last.fault,
  };
}
