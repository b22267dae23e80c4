import { setTimeout as delay } from 'node:timers/promises';
import { z } from 'zod';
import type { Logger } from '../process/logging.ts';
import type { AccessTokenUser } from '../tokens/access-token.ts';
import { createInternalClient, type InternalClientOptions } from './internal-client.ts';

const Page = z.object({
  entries: z.array(z.object({ sub: z.string(), minVer: z.int() })),
  cursor: z.string(),
  more: z.boolean(),
  /** Whether this page starts the complete list instead of the changes since the cursor. */
  whole: z.boolean(),
  /** The lifetime of an access token. */
  lifetimeSeconds: z.number(),
});

const pollMs = 250;
// A page that takes longer is requested again, perhaps from another instance.
const timeoutMs = 1_000;
const reloadMs = 60_000;
// Longer than a restart of the issuer takes.
const freshMs = 15_000;

/** The revoked access tokens, in memory: for each user the lowest valid access version. */
export interface RevocationList {
  /** Whether the token was issued before the latest revocation of its user. */
  isRevoked(user: Pick<AccessTokenUser, 'id' | 'accessVersion'>): boolean;
  /** Whether the list is at most 15 seconds old, which admin calls require. */
  isFresh(): boolean;
  /** Whether the list was read within the lifetime of an access token, which every call requires. */
  isUsable(): boolean;
  close(): void;
}

interface RevocationListOptions {
  /** The service that issues the tokens and serves the feed. */
  issuer: Omit<InternalClientOptions, 'timeoutMs'>;
  path: string;
  log: Logger;
  /** A monotonic time in milliseconds. */
  now?: () => number;
}

/**
 * Polls the revocation feed of the token issuer four times a second. Pages overlap, so entries merge by maximum. The
 * complete list is read again every minute, which drops entries that have expired.
 */
export function createRevocationList({
  issuer,
  path,
  log,
  now = () => performance.now(),
}: RevocationListOptions): RevocationList {
  const client = createInternalClient({ ...issuer, timeoutMs });
  const closing = new AbortController();
  let minVers = new Map<string, number>();
  let cursor: string | undefined;
  let lifetimeMs = 0;
  let readAt = Number.NEGATIVE_INFINITY;
  let reloadAt = 0;

  const fetchPage = async (after: string | undefined) =>
    Page.parse(await client.call('GET', after === undefined ? path : `${path}?after=${after}`));

  async function read(after: string | undefined): Promise<void> {
    const startedAt = now();
    let page = await fetchPage(after);
    const { whole } = page;
    const target = whole ? new Map<string, number>() : minVers;
    merge(target, page.entries);
    while (page.more) {
      page = await fetchPage(page.cursor);
      merge(target, page.entries);
    }
    minVers = target;
    cursor = page.cursor;
    lifetimeMs = page.lifetimeSeconds * 1000;
    readAt = startedAt;
    if (whole) reloadAt = startedAt + reloadMs;
  }

  async function poll(): Promise<void> {
    let isFailing = false;
    while (!closing.signal.aborted) {
      try {
        await read(now() < reloadAt ? cursor : undefined);
        isFailing = false;
      } catch (err) {
        if (!isFailing && !closing.signal.aborted) log.warn({ err }, 'the revocation feed cannot be read');
        isFailing = true;
      }
      await delay(pollMs, undefined, { signal: closing.signal, ref: false }).catch(() => {});
    }
  }
  void poll();

  const age = () => now() - readAt;
  return {
    isRevoked: ({ id, accessVersion }) => accessVersion < (minVers.get(id) ?? 0),
    isFresh: () => age() < freshMs,
    isUsable: () => age() < Math.max(lifetimeMs, freshMs),
    close: () => closing.abort(),
  };
}

function merge(target: Map<string, number>, entries: z.output<typeof Page>['entries']): void {
  for (const { sub, minVer } of entries) target.set(sub, Math.max(minVer, target.get(sub) ?? 0));
}
