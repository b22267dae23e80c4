import { revocationRetentionSeconds } from '@polyglot-notes/service-kit';
import type { Connection } from 'mongoose';
import type { FeedPosition } from './feed-position.ts';
import type { Revocation, RevocationSource } from './revocation-sources.ts';

const retentionMs = revocationRetentionSeconds * 1_000;
// Longer than a write takes from the moment that the database reads its clock until the write is visible.
const overlapMs = 10_000;
const pageSize = 1_000;

interface Dependencies {
  sources: readonly RevocationSource[];
  db: Connection;
}

/**
 * The feed of revocations. Its times are taken by the clock of the database, in the write that makes the revocation, so
 * several writers leave no gap. The cursor of a last page is set ten seconds back: the next read includes writes that
 * were not visible yet.
 */
export function createRevocationsService({ sources, db }: Dependencies) {
  async function readAfter(position: FeedPosition): Promise<Revocation[]> {
    const found = await Promise.all(sources.map((source) => source(position, pageSize)));
    return found.flat().toSorted(inFeedOrder).slice(0, pageSize);
  }

  return {
    /** One page after the cursor, or the first page of the complete list without a valid cursor. */
    async page(cursor: string | undefined) {
      const now = await databaseTime(db);
      const position = parseCursor(cursor, now);
      const entries = await readAfter(position ?? { revokedAt: new Date(now - retentionMs), id: '' });
      const last = entries.length === pageSize ? entries.at(-1) : undefined;
      return {
        entries: entries.map(({ entry }) => entry),
        cursor: last ? cursorOf(last.revokedAt.getTime(), last.id) : cursorOf(now - overlapMs, ''),
        more: last !== undefined,
        whole: position === undefined,
      };
    },
  };
}

async function databaseTime({ db }: Connection): Promise<number> {
  if (db === undefined) throw new Error('not connected');
  const { localTime } = await db.command({ hello: 1 });
  if (!(localTime instanceof Date)) throw new Error('the database does not return its time');
  return localTime.getTime();
}

const inFeedOrder = (a: Revocation, b: Revocation) =>
  a.revokedAt.getTime() - b.revokedAt.getTime() || (a.id < b.id ? -1 : Number(a.id > b.id));

const cursorOf = (time: number, id: string) => `${time}.${id}`;

/** Undefined for a cursor of another database, whose clock is ahead, and for one that is older than the retention. */
function parseCursor(cursor: string | undefined, now: number): FeedPosition | undefined {
  const [, time, id = ''] = /^(\d{1,15})\.([0-9a-f-]*)$/.exec(cursor ?? '') ?? [];
  const isValid = time !== undefined && Number(time) <= now && Number(time) > now - retentionMs;
  return isValid ? { revokedAt: new Date(Number(time)), id } : undefined;
}
