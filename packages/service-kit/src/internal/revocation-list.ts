import { setTimeout as delay } from 'node:timers/promises';
import { z } from 'zod';
import type { Logger } from '../process/logging.ts';
import type { AccessTokenUser } from '../tokens/access-token.ts';
import { createInternalClient, type InternalClient, type InternalClientOptions } from './internal-client.ts';

const UserEntry = z.object({ sub: z.string(), minVer: z.int() });
const SessionEntry = z.object({ sid: z.string() });
// A newer issuer may send kinds of entries that this version does not know.
const UnknownEntry = z.object({ sub: z.never().optional(), sid: z.never().optional() });

const Page = z.object({
  entries: z.array(z.union([UserEntry, SessionEntry, UnknownEntry])),
  cursor: z.string(),
  more: z.boolean(),
  /** Whether this page starts the complete list instead of the changes since the cursor. */
  whole: z.boolean(),
  /** The lifetime of an access token. */
  lifetimeSeconds: z.number(),
});
type Page = z.output<typeof Page>;

// A page that takes longer is requested again, perhaps from another instance.
const pollTimeoutMs = 1_000;
// Polls continue meanwhile, so a page of the complete list may take longer.
const reloadTimeoutMs = 5_000;
const reloadMs = 60_000;
const retryMs = 10_000;
// Longer than a restart of the issuer takes.
const freshMs = 15_000;

/** The revoked access tokens, in memory: the lowest valid access version of each user, and the sessions that have ended. */
export interface RevocationList {
  /** Whether the token was issued before the latest revocation of its user, or its session has ended. */
  isRevoked(user: Pick<AccessTokenUser, 'id' | 'accessVersion' | 'sessionId'>): boolean;
  /** Whether the list is at most 15 seconds old, which admin calls require. */
  isFresh(): boolean;
  /** Whether the list was read within the lifetime of an access token, which every call requires. */
  isUsable(): boolean;
  /** Milliseconds since the list was current, or since the start if it never was. */
  ageMs(): number;
  close(): void;
}

interface RevocationListOptions {
  /** The service that issues the tokens and serves the feed. */
  issuer: Omit<InternalClientOptions, 'timeoutMs'>;
  path: string;
  log: Logger;
  /** A monotonic time in milliseconds. */
  now?: () => number;
  pollMs?: number;
}

/**
 * Polls the revocation feed of the token issuer four times a second. Pages overlap, so entries of users merge by
 * maximum. The complete list is read first, and again every minute beside the polls, which drops expired entries.
 */
export function createRevocationList({
  issuer,
  path,
  log,
  now = () => performance.now(),
  pollMs = 250,
}: RevocationListOptions): RevocationList {
  const polls = createInternalClient({ ...issuer, timeoutMs: pollTimeoutMs });
  const reloads = createInternalClient({ ...issuer, timeoutMs: reloadTimeoutMs });
  const closing = new AbortController();
  let revoked = nothingRevoked();
  /** The complete list that is being read, or was read last. */
  let next = revoked;
  let hasWarned = false;
  /** The position of the polls. Undefined until a complete list is read. */
  let cursor: string | undefined;
  let lifetimeMs = 0;
  let readAt = Number.NEGATIVE_INFINITY;
  let reloadAt = 0;
  const createdAt = now();

  async function fetchPage(client: InternalClient, after: string | undefined): Promise<Page> {
    const page = Page.parse(await client.call('GET', after === undefined ? path : `${path}?after=${after}`));
    if (!hasWarned && page.entries.some(isUnknown)) {
      log.warn('the revocation feed has entries of an unknown kind, which are ignored');
      hasWarned = true;
    }
    lifetimeMs = page.lifetimeSeconds * 1000;
    return page;
  }

  async function poll(): Promise<void> {
    const startedAt = now();
    let page: Page;
    do {
      page = await fetchPage(polls, cursor);
      merge(revoked, page.entries);
      merge(next, page.entries);
      // The feed does not know the cursor.
      cursor = page.whole ? undefined : page.cursor;
    } while (page.more && cursor !== undefined);
    if (cursor !== undefined) readAt = startedAt;
  }

  async function reload(): Promise<void> {
    const startedAt = now();
    reloadAt = startedAt + retryMs;
    next = nothingRevoked();
    let page = await fetchPage(reloads, undefined);
    merge(next, page.entries);
    while (page.more) {
      page = await fetchPage(reloads, page.cursor);
      merge(next, page.entries);
    }
    revoked = next;
    reloadAt = startedAt + reloadMs;
    if (cursor === undefined) {
      cursor = page.cursor;
      readAt = startedAt;
    }
  }

  /** Runs `task` whenever it is due. Logs the first of several failures. */
  async function repeat(task: () => Promise<void>, isDue: () => boolean, failure: string): Promise<void> {
    let isFailing = false;
    while (!closing.signal.aborted) {
      try {
        if (isDue()) {
          await task();
          isFailing = false;
        }
      } catch (err) {
        if (!isFailing && !closing.signal.aborted) log.warn({ err }, failure);
        isFailing = true;
      }
      await delay(pollMs, undefined, { signal: closing.signal, ref: false }).catch(() => {});
    }
  }
  void repeat(poll, () => cursor !== undefined, 'the revocation feed cannot be read');
  void repeat(
    reload,
    () => cursor === undefined || now() >= reloadAt,
    'the complete list of revocations cannot be read',
  );

  const age = () => now() - readAt;
  return {
    isRevoked: ({ id, accessVersion, sessionId }) =>
      accessVersion < (revoked.minVers.get(id) ?? 0) || revoked.sessions.has(sessionId),
    isFresh: () => age() < freshMs,
    isUsable: () => age() < Math.max(lifetimeMs, freshMs),
    ageMs: () => now() - Math.max(readAt, createdAt),
    close: () => closing.abort(),
  };
}

interface Revoked {
  minVers: Map<string, number>;
  sessions: Set<string>;
}

const nothingRevoked = (): Revoked => ({ minVers: new Map(), sessions: new Set() });

const isUnknown = (entry: object) => !('sub' in entry) && !('sid' in entry);

function merge({ minVers, sessions }: Revoked, entries: Page['entries']): void {
  for (const entry of entries) {
    if ('minVer' in entry) minVers.set(entry.sub, Math.max(entry.minVer, minVers.get(entry.sub) ?? 0));
    else if (entry.sid !== undefined) sessions.add(entry.sid);
  }
}
