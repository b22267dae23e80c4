import { setTimeout as delay } from 'node:timers/promises';
import { z } from 'zod';
import type { AccessTokenUser } from './access-token.ts';
import { createInternalClient, type InternalClientOptions } from '../internal/internal-client.ts';
import type { Logger } from '../process/logging.ts';

const Page = z.object({
  entries: z.array(z.object({ sub: z.string(), minVer: z.int() })),
  /** Where to read on. */
  cursor: z.string(),
  /** Whether there is more to read now. */
  more: z.boolean(),
  /** Whether this begins the whole set, and not only what has changed since the cursor. */
  whole: z.boolean(),
  /** How long an access token lives at most. */
  lifetimeSeconds: z.number(),
});

const pollMs = 250;
// A page that does not come within this is asked for anew, maybe of another instance.
const timeoutMs = 1_000;
const reloadMs = 60_000;
// Longer than it takes to start the issuer again.
const freshMs = 15_000;

/** Who has been cut off, in memory: the least version of access that their tokens must have. */
export interface Revocations {
  /** Whether a token was issued before its user was cut off. */
  has(user: Pick<AccessTokenUser, 'id' | 'version'>): boolean;
  /** Whether it was read a moment ago: fresh enough for the calls of admins. */
  isFresh(): boolean;
  /** Whether it has been read since the oldest token that is valid now was issued. */
  isUsable(): boolean;
  close(): void;
}

/**
 * Follows the feed of cut-offs that the issuer of the access tokens serves at `path`, four times a second. A page overlaps
 * those before it, so entries are merged by maximum; every minute the whole set is read again, and what is in it no more
 * is dropped.
 */
export function createRevocations({
  issuer,
  path,
  log,
  now = () => performance.now(),
}: {
  issuer: Omit<InternalClientOptions, 'timeoutMs'>;
  path: string;
  log: Logger;
  /** In milliseconds; what tests set. */
  now?: () => number;
}): Revocations {
  const client = createInternalClient({ ...issuer, timeoutMs });
  const closing = new AbortController();
  let known = new Map<string, number>();
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
    const target = whole ? new Map<string, number>() : known;
    merge(target, page.entries);
    while (page.more) {
      page = await fetchPage(page.cursor);
      merge(target, page.entries);
    }
    known = target;
    cursor = page.cursor;
    lifetimeMs = page.lifetimeSeconds * 1000;
    readAt = startedAt;
    if (whole) reloadAt = startedAt + reloadMs;
  }

  async function follow(): Promise<void> {
    let failing = false;
    while (!closing.signal.aborted) {
      try {
        await read(now() < reloadAt ? cursor : undefined);
        failing = false;
      } catch (err) {
        if (!failing && !closing.signal.aborted)
          log.warn({ err }, 'who has been cut off cannot be read for now');
        failing = true;
      }
      await delay(pollMs, undefined, { signal: closing.signal, ref: false }).catch(() => {});
    }
  }
  void follow();

  const age = () => now() - readAt;
  return {
    has: ({ id, version }) => version < (known.get(id) ?? 0),
    isFresh: () => age() < freshMs,
    isUsable: () => age() < Math.max(lifetimeMs, freshMs),
    close: () => closing.abort(),
  };
}

function merge(target: Map<string, number>, entries: z.output<typeof Page>['entries']): void {
  for (const { sub, minVer } of entries) target.set(sub, Math.max(minVer, target.get(sub) ?? 0));
}
