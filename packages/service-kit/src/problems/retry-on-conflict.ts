import { setTimeout as delay } from 'node:timers/promises';
import { Problem, problems } from './problem.ts';

const maxRounds = 10;
const pauseMs = 10;

/**
 * Repeats an optimistic update until `round` returns a value, with growing random pauses. Undefined means that another
 * writer was faster. Throws `service_unavailable` after ten rounds.
 */
export async function retryOnConflict<Result>(round: () => Promise<Result | undefined>): Promise<Result> {
  for (let count = 1; count <= maxRounds; count++) {
    if (count > 1) await delay(Math.random() * count * pauseMs);
    const result = await round();
    if (result !== undefined) return result;
  }
  throw new Problem(problems.serviceUnavailable);
}
