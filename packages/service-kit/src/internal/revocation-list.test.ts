import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { startFake, until } from '../../testing/index.ts';
import { createLogger } from '../process/logging.ts';
import { createRevocationList, type RevocationList } from './revocation-list.ts';

interface Page {
  entries: object[];
  cursor: string;
  more: boolean;
  whole: boolean;
}

let feed: Awaited<ReturnType<typeof startFake>>;
let pages: Record<string, Partial<Page>>;
let revocations: RevocationList;
const time = { now: 0 };
const lines: string[] = [];
const log = createLogger('test', 'info', { write: (line: string) => void lines.push(line) });

beforeEach(async () => {
  time.now = 0;
  lines.length = 0;
  pages = {};
  feed = await startFake(({ path }) => [200, pageAt(path)]);
});
afterEach(() => {
  revocations.close();
  feed.close();
});

function pageAt(path: string) {
  const cursor = new URL(path, 'http://feed').searchParams.get('after') ?? 'whole';
  const page = { entries: [], cursor: 'end', more: false, whole: cursor === 'whole', ...pages[cursor] };
  return { ...page, lifetimeSeconds: 900 };
}

/** Delays the answers to one path until the returned function is called. */
function hold(path: string) {
  const released = Promise.withResolvers<void>();
  feed.faults.after = (req, res) => {
    const answer = () => res.writeHead(200).end(JSON.stringify(pageAt(req.url ?? '')));
    if (req.url === path) void released.promise.then(answer);
    else answer();
  };
  return released.resolve;
}

function start() {
  revocations = createRevocationList({
    issuer: { baseUrl: feed.url, caller: 'a', callee: 'b', secrets: ['x'.repeat(32)] },
    path: '/feed',
    log,
    now: () => time.now,
    pollMs: 20,
  });
}

/** Resolves when a read that starts now has ended. */
async function read() {
  const target = feed.calls.length + 3;
  await until(() => feed.calls.length >= target);
}

const callsOf = (path: string) => feed.calls.filter((call) => call.path === path).length;
const isRevoked = (id: string, accessVersion: number, sessionId = 'any session') =>
  revocations.isRevoked({ id, accessVersion, sessionId });
const hasEnded = (sessionId: string) => isRevoked('ada', 1, sessionId);

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

  test('revokes the tokens of a session that has ended, whatever their access version', async () => {
    pages = { whole: { entries: [{ sid: 'laptop' }] } };
    start();
    await read();
    expect([isRevoked('ada', 7, 'laptop'), isRevoked('ada', 7, 'phone')]).toEqual([true, false]);
  });

  test('keeps the ended sessions of all pages, also those that pages repeat', async () => {
    pages = {
      whole: { entries: [{ sid: 'laptop' }, { sub: 'bob', minVer: 2 }], more: true, cursor: 'next' },
      next: { entries: [{ sid: 'laptop' }, { sid: 'phone' }] },
      end: { entries: [{ sid: 'phone' }, { sid: 'tablet' }] },
    };
    start();
    await until(() => feed.calls.length >= 5);
    expect(['laptop', 'phone', 'tablet', 'desk'].map(hasEnded)).toEqual([true, true, true, false]);
    expect(isRevoked('bob', 1)).toBe(true);
  });

  test('drops expired sessions when it reads the complete list again, and keeps them until then', async () => {
    pages = { whole: { entries: [{ sid: 'laptop' }] } };
    start();
    await read();
    pages = { whole: { entries: [{ sid: 'phone' }] } };
    await read();
    expect(['laptop', 'phone'].map(hasEnded)).toEqual([true, false]);
    time.now = 60_000;
    await until(() => hasEnded('phone'));
    expect(hasEnded('laptop')).toBe(false);
  });

  test('applies new revocations while it reads the complete list again, and keeps them', async () => {
    pages = { whole: { entries: [{ sid: 'laptop' }] } };
    start();
    await read();
    const release = hold('/feed?after=slow');
    pages = {
      whole: { entries: [{ sid: 'phone' }], more: true, cursor: 'slow' },
      end: { entries: [{ sid: 'tablet' }, { sub: 'bob', minVer: 2 }] },
    };
    time.now = 60_000;
    await until(() => callsOf('/feed?after=slow') > 0);
    await read();
    expect(['laptop', 'tablet'].map(hasEnded)).toEqual([true, true]);
    pages['end'] = {};
    time.now = 80_000;
    await until(() => revocations.isFresh());
    release();
    await until(() => hasEnded('phone'));
    expect(['laptop', 'tablet'].map(hasEnded)).toEqual([false, true]);
    expect(isRevoked('bob', 1)).toBe(true);
  });

  test('repeats a failed read of the complete list after ten seconds, warns once, and stays fresh', async () => {
    start();
    await read();
    pages = { whole: { entries: [{ sub: 'ada', minVer: 'two' }] } };
    for (const [now, reads] of [
      [60_000, 2],
      [69_999, 2],
      [70_000, 3],
      [79_999, 3],
      [80_000, 4],
    ] as const) {
      time.now = now;
      await until(() => callsOf('/feed') >= reads);
      await read();
      expect([callsOf('/feed'), revocations.isFresh()]).toEqual([reads, true]);
    }
    expect(lines.map((line) => JSON.parse(line))).toMatchObject([
      { level: 'warn', msg: 'the complete list of revocations cannot be read' },
    ]);
    pages = { whole: { entries: [{ sid: 'phone' }] } };
    time.now = 90_000;
    await until(() => hasEnded('phone'));
  });

  test('continues with the page of changes that failed', async () => {
    pages = { end: { more: true, cursor: 'broken' }, broken: { entries: [{ sub: 'ada', minVer: 'two' }] } };
    start();
    await until(() => callsOf('/feed?after=broken') > 2);
    expect(callsOf('/feed?after=end')).toBe(1);
  });

  test('keeps the old list while a complete list is read in part only', async () => {
    pages = { whole: { entries: [{ sid: 'laptop' }] } };
    start();
    await read();
    pages = { whole: { entries: [{ sid: 'phone' }], more: true, cursor: 'broken' } };
    pages['broken'] = { entries: [{ sub: 'ada', minVer: 'two' }] };
    time.now = 60_000;
    await until(() => callsOf('/feed?after=broken') > 0);
    await read();
    expect(['laptop', 'phone'].map(hasEnded)).toEqual([true, false]);
  });

  test('ignores entries of an unknown kind, as from a newer issuer, applies the others, and warns once', async () => {
    const unknown = { device: 'laptop' };
    pages = { whole: { entries: [unknown, { sub: 'ada', minVer: 2 }] }, end: { entries: [unknown] } };
    start();
    await read();
    expect([isRevoked('ada', 1), isRevoked('ada', 2)]).toEqual([true, false]);
    expect(lines.map((line) => JSON.parse(line))).toMatchObject([
      { level: 'warn', msg: 'the revocation feed has entries of an unknown kind, which are ignored' },
    ]);
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
    await until(() => isRevoked('bob', 1));
    expect(isRevoked('ada', 1)).toBe(false);
  });

  test('starts over when the feed does not know the cursor', async () => {
    pages = { whole: { entries: [{ sub: 'ada', minVer: 2 }] } };
    start();
    await read();
    const complete = { entries: [{ sub: 'bob', minVer: 2 }], whole: true };
    pages = { whole: complete, end: complete };
    await until(() => !isRevoked('ada', 1));
    expect(isRevoked('bob', 1)).toBe(true);
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
