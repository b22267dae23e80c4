import type { Connection } from 'mongoose';
import { accessVersion } from '../accounts/credential.model.ts';
import type { FeedPosition } from '../accounts/cut-place.ts';
import type { Context } from '../context.ts';

/** One account whose tokens below `minVer` do not count, and the place in the feed: its time and id. */
interface Entry {
  sub: string;
  minVer: number;
  revokedAt: Date;
}

// Longer than the longest token that can be configured.
const keptMs = 25 * 60 * 60 * 1000;
// Longer than a write may take from the moment that its time is taken until it can be read.
const overlapMs = 10_000;
const pageSize = 1_000;

/** What no token reaches. */
const never = Number.MAX_SAFE_INTEGER;

type Dependencies = Pick<Context, 'credentials' | 'erasures' | 'db'>;

/**
 * The feed of those who were cut off, straight from credentials and what is left of erased ones. Its times are the
 * database's, taken in the same writes as the facts, so that several writers need no common clock. A reader comes back
 * with the cursor of the last page, which lies some seconds before the time of that: what was being written then is seen
 * next time.
 */
export function revocationsService({ credentials, erasures, db }: Dependencies) {
  async function entriesAfter(position: FeedPosition): Promise<Entry[]> {
    const [cut, erased] = await Promise.all([
      credentials.revokedAfter(position, pageSize),
      erasures.since(position, pageSize),
    ]);
    const entries = [
      ...cut.map((one) => ({
        sub: one._id,
        minVer: accessVersion(one),
        revokedAt: one.revokedAt ?? position.revokedAt,
      })),
      ...erased.map(({ _id, revokedAt }) => ({ sub: _id, minVer: never, revokedAt })),
    ];
    return entries.toSorted(byPlace).slice(0, pageSize);
  }

  return {
    /** One page: from the cursor on, or of all that matters still where there is none, or none that can be right. */
    async page(after: string | undefined) {
      const now = await databaseTime(db);
      const position = readCursor(after, now);
      const entries = await entriesAfter(position ?? { revokedAt: new Date(now - keptMs), id: '' });
      const last = entries.length === pageSize ? entries.at(-1) : undefined;
      return {
        entries: entries.map(({ sub, minVer }) => ({ sub, minVer })),
        cursor: last ? cursorOf(last.revokedAt.getTime(), last.sub) : cursorOf(now - overlapMs, ''),
        more: last !== undefined,
        whole: position === undefined,
      };
    },
  };
}

async function databaseTime({ db }: Connection): Promise<number> {
  if (db === undefined) throw new Error('not connected');
  const { localTime } = await db.command({ hello: 1 });
  if (!(localTime instanceof Date)) throw new Error('the database does not say what time it is');
  return localTime.getTime();
}

const byPlace = (a: Entry, b: Entry) =>
  a.revokedAt.getTime() - b.revokedAt.getTime() || (a.sub < b.sub ? -1 : Number(a.sub > b.sub));

const cursorOf = (time: number, id: string) => `${time}.${id}`;

/** Undefined for a cursor of another database, whose clock is ahead, or one from so long ago that entries are missing. */
function readCursor(cursor: string | undefined, now: number) {
  const [, time, id = ''] = /^(\d{1,15})\.([0-9a-f-]*)$/.exec(cursor ?? '') ?? [];
  const isRight = time !== undefined && Number(time) <= now && Number(time) > now - keptMs;
  return isRight ? { revokedAt: new Date(Number(time)), id } : undefined;
}
