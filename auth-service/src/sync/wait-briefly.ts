import { setTimeout as delay } from 'node:timers/promises';
import type { BackgroundWork } from '@polyglot-notes/service-kit';

// A reachable user-service confirms within milliseconds.
const waitMs = 1_000;

/** Starts `work` and waits for it for at most a second. After that, it continues in the background. */
export async function waitBriefly(
  background: BackgroundWork,
  failure: string,
  work: () => Promise<unknown>,
): Promise<void> {
  const done = Promise.withResolvers<void>();
  background.run(failure, async () => {
    try {
      await work();
    } finally {
      done.resolve();
    }
  });
  await Promise.race([done.promise, delay(waitMs, undefined, { ref: false })]);
}
