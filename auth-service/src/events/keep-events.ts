import { setTimeout as delay } from 'node:timers/promises';
import { currentWork, traceWork, type Logger, type Tracing } from '@polyglot-notes/service-kit';
import type { ErasuresRepository } from '../credentials/erasures.repository.ts';
import type { EventsRepository } from './events.repository.ts';
import type { MoveEvents } from './move-events.ts';

const pollMs = 500;
const sweepMs = 60 * 60_000;

interface Dependencies {
  moveEvents: MoveEvents;
  events: Pick<EventsRepository, 'removeExpired' | 'forget'>;
  erasures: Pick<ErasuresRepository, 'erasedSince'>;
  clock: () => Date;
  tracing: Tracing | undefined;
  log: Logger;
  closing: AbortSignal;
}

/** Moves recorded events to the trail, and removes those that are too old every hour. Resolves when the service stops. */
export async function keepEvents(dependencies: Dependencies): Promise<void> {
  const { moveEvents, clock, tracing, log, closing } = dependencies;
  let sweepAt = clock().getTime();
  // The first pass looks at all erasures: this process may have been stopped for long.
  let since = new Date(0);
  let isFailing = false;

  async function pass(): Promise<void> {
    try {
      await moveEvents();
      if (clock().getTime() >= sweepAt) {
        await sweep(dependencies, since);
        since = new Date(clock().getTime() - sweepMs);
        sweepAt = clock().getTime() + sweepMs;
      }
      isFailing = false;
    } catch (err) {
      currentWork()?.fail(err);
      if (!isFailing && !closing.aborted) log.error({ err }, 'the audit trail cannot be written');
      isFailing = true;
    }
  }

  while (!closing.aborted) {
    await traceWork(tracing, { name: 'keep events' }, pass);
    await delay(pollMs * (0.5 + Math.random() / 2), undefined, { signal: closing, ref: false }).catch(
      () => {},
    );
  }
}

async function sweep({ events, erasures }: Dependencies, since: Date): Promise<void> {
  if ((await events.removeExpired()) > 0) currentWork()?.begin();
  // A process may have died between the refusal of a login, which it has recorded, and the look at an erasure.
  for (const id of await erasures.erasedSince(since)) await events.forget(id);
}
