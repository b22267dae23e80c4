import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { startFake, until } from '../../testing/index.ts';
import { createLogger } from '../process/logging.ts';
import { createRevocationList, type RevocationList } from './revocation-list.ts';

interface Page {
  entries: { sub: string; minVer: number }[];
  cursor: string;
  more: boolean;
  whole: boolean;
}

let feed: Awaited<ReturnType<typeof startFake>>;
let pages: Record<string, Partial<Page>>;
let revocations: RevocationList;
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

function start() {
  revocations = createRevocationList({
    issuer: { baseUrl: feed.url, caller: 'a', callee: 'b', secret: 'x'.repeat(32) },
    path: '/feed',
    log: createLogger('test', 'silent'),
    now: () => time.now,
  });
}

/** Resolves when a read that starts now has ended. */
async function read() {
  const target = feed.calls.length + 3;
  await until(() => feed.calls.length >= target);
}

const isRevoked = (id: string, accessVersion: number) => revocations.isRevoked({ id, accessVersion });

describe('the revocation list', () => {
  test('is not usable before the first read', async () => {
    feed.faults.before = (_req, res) => res.writeHead(500).end();
    start();
    await until(() => feed.attempts() > 2);
    expect(revocations.isUsable()).toBe(false);
    feed.recover();
    await until(() => revocations.isUsable());
  });

  test('revokes tokens with an earlier access version', async () => {
    pages = { whole: { entries: [{ sub: 'ada', minVer: 3 }] } };
    start();
    await read();
    expect([isRevoked('ada', 2), isRevoked('ada', 3), isRevoked('bob', 1)]).toEqual([true, false, false]);
  });

  test('is usable only when all pages are read', async () => {
    pages = {
      whole: { entries: [{ sub: 'ada', minVer: 2 }], more: true, cursor: 'next' },
      next: { entries: [{ sub: 'bob', minVer: 2 }], more: true, cursor: 'last' },
      last: { entries: [{ sub: 'eve', minVer: 2 }] },
    };
    start();
    await until(() => revocations.isUsable());
    expect(['ada', 'bob', 'eve'].map((id) => isRevoked(id, 1))).toEqual([true, true, true]);
  });

  test('keeps the highest version, in any order of entries', async () => {
    pages = {
      whole: { entries: [{ sub: 'ada', minVer: 5 }] },
      end: { entries: [{ sub: 'ada', minVer: 3 }] },
    };
    start();
    await read();
    expect(isRevoked('ada', 4)).toBe(true);
  });

  test('reads the complete list again each minute and drops expired entries', async () => {
    pages = { whole: { entries: [{ sub: 'ada', minVer: 2 }] } };
    start();
    await read();
    pages = { whole: { entries: [{ sub: 'bob', minVer: 2 }] } };
    time.now = 59_000;
    await read();
    expect([isRevoked('ada', 1), isRevoked('bob', 1)]).toEqual([true, false]);
    time.now = 60_000;
    await read();
    expect([isRevoked('ada', 1), isRevoked('bob', 1)]).toEqual([false, true]);
  });

  test('starts over when the feed does not know the cursor', async () => {
    pages = { whole: { entries: [{ sub: 'ada', minVer: 2 }] } };
    start();
    await read();
    pages = { end: { entries: [{ sub: 'bob', minVer: 2 }], whole: true } };
    await read();
    expect([isRevoked('ada', 1), isRevoked('bob', 1)]).toEqual([false, true]);
  });

  test('stays fresh for 15 seconds and usable for the lifetime of a token while the feed is unavailable', async () => {
    pages = { whole: { entries: [{ sub: 'ada', minVer: 2 }] } };
    start();
    await read();
    feed.faults.before = (_req, res) => res.writeHead(500).end();
    const states = [14_999, 15_000, 899_999, 900_000].map((now) => {
      time.now = now;
      return [revocations.isFresh(), revocations.isUsable(), isRevoked('ada', 1)];
    });
    expect(states).toEqual([
      [true, true, true],
      [false, true, true],
      [false, true, true],
      [false, false, true],
    ]);
    feed.recover();
    await until(() => revocations.isFresh());
  });
});
