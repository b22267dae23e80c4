import type { Peer } from '../process/peer.ts';
import { singleFlight } from '../process/single-flight.ts';
import { within } from '../process/within.ts';

/** The outcomes of health checks by name. */
export type Outcomes = Record<string, 'ok' | 'down'>;

/**
 * Creates a function that runs the health checks of all workers, which have `readMs` for them. A check fails if it fails in
 * one of them. Probes share a run that is under way.
 */
export const createHealthOfWorkers = (peers: () => readonly Peer[], { readMs = 3_000 } = {}) =>
  singleFlight(async (): Promise<Outcomes> => {
    const all = await Promise.all(
      peers().map((peer) =>
        within(readMs, peer.call<Outcomes>('health')).catch((): Outcomes =>
          // One that has ended meanwhile gets no requests.
          peers().includes(peer) ? { worker: 'down' } : {},
        ),
      ),
    );
    const merged: Outcomes = {};
    for (const [name, outcome] of all.flatMap((outcomes) => Object.entries(outcomes)))
      if (merged[name] !== 'down') merged[name] = outcome;
    return merged;
  });
