import cluster from 'node:cluster';
import { primary } from '../process/primary.ts';

/** The two steps in which a service leaves. */
export interface Shutdown {
  /** Aborts first: the service is not ready any more, and serves requests as before. */
  stopping: AbortSignal;
  /** Aborts after SHUTDOWN_DELAY_MS: no connection is accepted any more, and every response closes its connection. */
  draining: AbortSignal;
}

/** The request to stop this process. */
export interface StopRequest {
  /** Resolves with the signal, or another reason, when there is one. */
  reason: Promise<string>;
  /** Resolves when it must not wait for SHUTDOWN_DELAY_MS any longer. */
  urgent: Promise<void>;
}

/** The call to a worker that must not wait for SHUTDOWN_DELAY_MS any longer. */
export const urgeTopic = 'urge';

/** Waits for SIGTERM, SIGINT or the end of the parent process. A second signal is urgent, and so is that end. */
export function awaitStop(): StopRequest {
  const requested = Promise.withResolvers<string>();
  const urged = Promise.withResolvers<void>();
  let signals = 0;
  for (const signal of ['SIGTERM', 'SIGINT'] as const)
    process.on(signal, () => {
      requested.resolve(signal);
      // A worker also gets the signals to its process group, so only its primary process counts them.
      if (++signals === 2 && cluster.isPrimary) urged.resolve();
    });
  process.on('disconnect', () => {
    requested.resolve('the parent process ended');
    urged.resolve();
  });
  primary()?.answer(urgeTopic, () => urged.resolve());
  return { reason: requested.promise, urgent: urged.promise };
}
