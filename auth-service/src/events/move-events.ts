import { currentWork } from '@polyglot-notes/service-kit';
import type { Connection } from 'mongoose';
import { collectionName as credentials } from '../credentials/credential.model.ts';
import { collectionName as erasures, type ErasuresRepository } from '../credentials/erasures.repository.ts';
import { withoutPersonalData, type EventIntent } from '../credentials/event-intents.ts';
import { collectionName as sessions } from '../sessions/session.model.ts';
import type { EventsRepository } from './events.repository.ts';

interface Recorded {
  _id: string;
  events?: EventIntent[];
}

interface Dependencies {
  events: Pick<EventsRepository, 'insert'>;
  erasures: Pick<ErasuresRepository, 'among'>;
}

const batchSize = 100;

export type MoveEvents = ReturnType<typeof createMoveEvents>;

/**
 * Moves the events in the documents of accounts, sessions and erased accounts to the trail. Any number of instances may do
 * so at once: an event has one id, so it is added once, and it leaves its document afterwards.
 */
export function createMoveEvents(db: Connection, { events, erasures: erased }: Dependencies) {
  const collections = [credentials, sessions, erasures].map((name) => db.collection<Recorded>(name));

  /** Events of accounts that have been erased arrive without personal data. */
  async function insert(recorded: EventIntent[]): Promise<void> {
    const people = recorded.flatMap(({ userId, actorId }) => [userId, actorId]).filter((id) => id !== null);
    const erasedIds = new Set(await erased.among(people));
    for (const event of recorded) await events.insert(withoutErased(event, erasedIds));
  }

  /** Returns whether there may be more. */
  async function moveFrom(collection: (typeof collections)[number]): Promise<boolean> {
    const found = await collection
      .find({ 'events.at': { $gt: new Date(0) } }, { hint: { 'events.at': 1 } })
      .project<Recorded>({ events: 1 })
      .limit(batchSize)
      .toArray();
    if (found.length === 0) return false;
    currentWork()?.begin();
    await insert(found.flatMap((document) => document.events ?? []));
    await collection.bulkWrite(
      found.map(({ _id, events: moved = [] }) => ({
        updateOne: {
          filter: { _id },
          update: { $pull: { events: { id: { $in: moved.map(({ id }) => id) } } } },
        },
      })),
    );
    return found.length === batchSize;
  }

  return oneAtATime(async () => {
    for (const collection of collections) while (await moveFrom(collection));
  });
}

/** Runs `pass` once at a time. A call waits for a pass that begins after it, which it shares with other calls. */
function oneAtATime(pass: () => Promise<void>): () => Promise<void> {
  let current: Promise<void> | undefined;
  let next: Promise<void> | undefined;
  const begin = () => {
    next = undefined;
    current = pass().finally(() => (current = undefined));
    return current;
  };
  return () => {
    if (current === undefined) return begin();
    next ??= current.then(begin, begin);
    return next;
  };
}

function withoutErased(event: EventIntent, erased: ReadonlySet<string>): EventIntent {
  if (event.userId !== null && erased.has(event.userId)) return withoutPersonalData(event);
  const isOfErased = event.actorId !== null && erased.has(event.actorId);
  return isOfErased ? { ...event, address: null, userAgent: null } : event;
}
