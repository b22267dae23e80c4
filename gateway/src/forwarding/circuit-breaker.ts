const faultsToOpen = 3;
// Shorter than Retry-After, so that a client that waits as long can make the next attempt.
const pauseMs = 1_000;
// A refused connection costs no time, so there is nothing to protect requests from.
const quickMs = 200;
const forgetMs = 60_000;

/**
 * Refuses requests to an unavailable service. It opens after three slow faults in a row, and any response closes it.
 * While it is open, one request per second is an attempt, even if the previous attempt is still waiting.
 */
export function createCircuitBreaker(now = () => performance.now()) {
  let faults = 0;
  let last: { fault: unknown; at: number } = { fault: undefined, at: -Infinity };
  let answeredAt = -Infinity;
  let nextAttemptAt = 0;

  const isOpen = () => faults >= faultsToOpen && now() - last.at <= forgetMs;

  return {
    isOpen,

    /** Starts a request, whose outcome must be reported; undefined when the request must not be sent. */
    begin() {
      const startedAt = now();
      if (startedAt - last.at > forgetMs) faults = 0;
      if (faults >= faultsToOpen) {
        if (startedAt < nextAttemptAt) return undefined;
        nextAttemptAt = startedAt + pauseMs;
      }
      return {
        answered(): void {
          faults = 0;
          answeredAt = now();
        },
        /** Reports silence or a failed connection. It does not count if the service has responded since the start. */
        failed(fault: unknown): void {
          const at = now();
          if (at - startedAt < quickMs || answeredAt >= startedAt) return;
          faults++;
          last = { fault, at };
          nextAttemptAt = at + pauseMs;
        },
      };
    },

    lastFault: () => last.fault,
  };
}
