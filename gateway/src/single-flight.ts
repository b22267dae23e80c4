/**
 * `work`, of which only one runs at a time: whoever asks meanwhile gets the same result. For calls to all services that
 * anybody may cause, and no limit counts.
 */
export function singleFlight<Result>(work: () => Promise<Result>): () => Promise<Result> {
  let running: Promise<Result> | undefined;
  return () => {
    running ??= work().finally(() => {
      running = undefined;
    });
    return running;
  };
}
