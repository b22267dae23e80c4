import { setImmediate, setTimeout } from 'node:timers/promises';

const longestMs = 5;

/**
 * Creates a function to be called after each piece of long work on the event loop. It lets other work run when more than 5 ms
 * have passed since it last did, or since it was created. With `restMs`, it then waits for that time.
 */
export function createPause({ restMs = 0 } = {}): () => Promise<void> {
  let last = performance.now();
  return async () => {
    if (performance.now() - last < longestMs) return;
    await (restMs > 0 ? setTimeout(restMs) : setImmediate());
    last = performance.now();
  };
}
