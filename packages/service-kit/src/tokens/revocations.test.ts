import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { startFake, until } from '../../testing/index.ts';
import { createLogger } from '../process/logging.ts';
import { createRevocations, type Revocations } from './revocations.ts';

interface Page {
  entries: { sub: string; minVer: number }[];
  cursor: string;
  more: boolean;
  whole: boolean;
}

let feed: Awaited<ReturnType<typeof startFake>>;
let pages: Record<string, Partial<Page>>;
let revocations: Revocations;
const time = { now: 0 };

beforeEach(async () => {
  time.now = 0;
  pages = {};
  feed = await startFake(({ path }) => {
    const cursor = new URL(path, 'http://feed').searchParams.get('after') ?? 'whole';
    const page = { entries: [], cursor: 'end', more: false, whole: cursor === 'whole', ...pages[cursor] };
    return [200, { ...page, lifetimeSeconds: 900 }];
  });
});
afterEach(() => {
  revocations.close();
  feed.close();
});

function follow() {
  revocations = createRevocations({
    issuer: { baseUrl: feed.url, caller: 'a', callee: 'b', secret: 'x'.repeat(32) },
    path: '/feed',
    log: createLogger('test', 'silent'),
    now: () => time.now,
  });
}

/** Resolves when a read that begins now is over. */
async function read() {
  const target = feed.calls.length + 3;
  await until(() => feed.calls.length >= target);
}

const isCut = (id: string, version: number) => revocations.has({ id, version });

describe('who has been cut off', () => {
  test('is not known before the first read', async () => {
    feed.faults.before = (_req, res) => res.writeHead(500).end();
    follow();
    await until(() => feed.attempts() > 2);
    expect(revocations.isUsable()).toBe(false);
    feed.mend();
    await until(() => revocations.isUsable());
  });

  test('is whoever has a token of an earlier version', async () => {
    pages = { whole: { entries: [{ sub: 'ada', minVer: 3 }] } };
    follow();
    await read();
    expect([isCut('ada', 2), isCut('ada', 3), isCut('bob', 1)]).toEqual([true, false, false]);
  });

  test('comes page by page, and is known as a whole or not at all', async () => {
    pages = {
      whole: { entries: [{ sub: 'ada', minVer: 2 }], more: true, cursor: 'next' },
      next: { entries: [{ sub: 'bob', minVer: 2 }], more: true, cursor: 'last' },
      last: { entries: [{ sub: 'eve', minVer: 2 }] },
    };
    follow();
    await until(() => revocations.isUsable());
    expect(['ada', 'bob', 'eve'].map((id) => isCut(id, 1))).toEqual([true, true, true]);
  });

  test('is what was highest, in whatever order it comes', async () => {
    pages = {
      whole: { entries: [{ sub: 'ada', minVer: 5 }] },
      end: { entries: [{ sub: 'ada', minVer: 3 }] },
    };
    follow();
    await read();
    expect(isCut('ada', 4)).toBe(true);
  });

  test('is read as a whole again each minute, and what is gone is forgotten', async () => {
    pages = { whole: { entries: [{ sub: 'ada', minVer: 2 }] } };
    follow();
    await read();
    pages = { whole: { entries: [{ sub: 'bob', minVer: 2 }] } };
    time.now = 59_000;
    await read();
    expect([isCut('ada', 1), isCut('bob', 1)]).toEqual([true, false]);
    time.now = 60_000;
    await read();
    expect([isCut('ada', 1), isCut('bob', 1)]).toEqual([false, true]);
  });

  test('is begun anew when the feed says that it does not know the cursor', async () => {
    pages = { whole: { entries: [{ sub: 'ada', minVer: 2 }] } };
    follow();
    await read();
    pages = { end: { entries: [{ sub: 'bob', minVer: 2 }], whole: true } };
    await read();
    expect([isCut('ada', 1), isCut('bob', 1)]).toEqual([false, true]);
  });

  test('keeps what it knows while the feed is away: fresh for a moment, usable for the life of a token', async () => {
    pages = { whole: { entries: [{ sub: 'ada', minVer: 2 }] } };
    follow();
    await read();
    feed.faults.before = (_req, res) => res.writeHead(500).end();
    const states = [14_999, 15_000, 899_999, 900_000].map((now) => {
      time.now = now;
      return [revocations.isFresh(), revocations.isUsable(), isCut('ada', 1)];
    });
    expect(states).toEqual([
      [true, true, true],
      [false, true, true],
      [false, true, true],
      [false, false, true],
    ]);
    feed.mend();
    await until(() => revocations.isFresh());
  });
});
