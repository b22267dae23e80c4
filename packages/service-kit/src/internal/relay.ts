import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { ServiceRefusalError, ServiceUnreachableError } from './internal-client.ts';
import type { Logger } from '../process/logging.ts';

/** The mark of a fact that another service has not confirmed yet, kept in the same document and written with it. */
export interface Delivery {
  /** Which mark it is: a confirmation takes away the one that it belongs to, and no other. */
  id: string;
  /** When the fact was written. */
  since: Date;
  /** When it is told (again); null once that can never succeed, until somebody releases it. */
  dueAt: Date | null;
  /** How many times it was told in vain. */
  attempts: number;
  /** Why, the last time. */
  fault: string | null;
  /** Whether it only guards a change that is about to be written, and that may not come about. */
  isGuard?: boolean;
}

const pollMs = 500;
// So many that those which hang do not keep the others waiting.
const maxUnderWay = 50;
const firstPauseMs = 500;
const longestPauseMs = 30_000;
// From here on pauses are the longest.
const alarmAfter = 6;

/** A mark for a fact that is about to be told by the one who writes it, within `leaseMs`; then it is the relay's. */
export const newDelivery = (leaseMs: number): Delivery => ({
  id: randomUUID(),
  since: new Date(),
  dueAt: new Date(Date.now() + leaseMs),
  attempts: 0,
  fault: null,
});

/** Another service cannot follow yet, for the reason that is given. */
export class RetryLaterError extends Error {
  override readonly name = 'RetryLaterError';
}

/** Where the marked facts are. */
interface Outbox<Item> {
  /** Takes a fact that is due by `now`, so that until `until` no other relay takes it; null when there is none. */
  claim(now: Date, until: Date): Promise<Item | null>;
  /** Counts an attempt and says when the next is due, unless the fact was confirmed or replaced meanwhile. */
  postpone(item: Item, dueAt: Date | null, fault: string): Promise<void>;
}

interface RelayOptions<Item, Outcome> {
  outbox: Outbox<Item>;
  /** Tells other services and takes the mark away. Throws when that fails, RetryLaterError when it cannot be done yet. */
  deliver: (item: Item) => Promise<Outcome>;
  /** How long a delivery can take, in milliseconds. */
  leaseMs: number;
  log: Logger;
}

export interface Relay<Item, Outcome> {
  /** Tells a fact now. Undefined when that failed: then it stays marked and will be told again. */
  attempt(item: Item): Promise<Outcome | undefined>;
  /** Stops, once what is under way has ended. */
  close(): Promise<void>;
}

/**
 * Tells other services the facts that they have not confirmed, again and again, with growing pauses of half a second up
 * to half a minute. Any number of relays may work on the same data; deliveries must do no harm when they come twice. A
 * refusal for good parks a fact: it is told no more until it is released.
 */
export function createRelay<Item extends { _id: string; delivery?: Delivery | undefined }, Outcome>({
  outbox,
  deliver,
  leaseMs,
  log,
}: RelayOptions<Item, Outcome>): Relay<Item, Outcome> {
  const closing = new AbortController();
  const underWay = new Set<Promise<unknown>>();

  async function attempt(item: Item): Promise<Outcome | undefined> {
    try {
      return await deliver(item);
    } catch (error) {
      await postpone(item, error).catch((err: unknown) =>
        log.error({ err }, 'a delivery cannot be postponed'),
      );
      return undefined;
    }
  }

  async function postpone(item: Item, error: unknown): Promise<void> {
    const attempts = (item.delivery?.attempts ?? 0) + 1;
    const isParked = error instanceof ServiceRefusalError && error.isFinal;
    const isUsual = error instanceof ServiceUnreachableError || error instanceof RetryLaterError;
    const isAlarm = isParked || !isUsual || attempts >= alarmAfter;
    log[isAlarm ? 'error' : 'warn'](
      { err: causeOf(error), accountId: item._id, attempts },
      isParked ? 'parked, what another service refuses for good' : 'another service has not confirmed yet',
    );
    await outbox.postpone(item, isParked ? null : new Date(Date.now() + pauseMs(attempts)), faultOf(error));
  }

  /** Begins to tell what is due, until nothing is or enough is under way. */
  async function beginDue(): Promise<void> {
    while (underWay.size < maxUnderWay && !closing.signal.aborted) {
      const now = Date.now();
      const item = await outbox.claim(new Date(now), new Date(now + leaseMs));
      if (item === null) return;
      const task = attempt(item).finally(() => underWay.delete(task));
      underWay.add(task);
    }
  }

  async function run(): Promise<void> {
    let failing = false;
    while (!closing.signal.aborted) {
      try {
        await beginDue();
        failing = false;
      } catch (err) {
        if (!failing) log.error({ err }, 'the relay cannot read what is due');
        failing = true;
      }
      await delay(jittered(pollMs), undefined, { signal: closing.signal, ref: false }).catch(() => {});
    }
  }
  const running = run();

  return {
    attempt,
    async close() {
      closing.abort();
      await running;
      await Promise.all(underWay);
    },
  };
}

/** Between half of it and all of it, so that several do not keep step. */
const jittered = (ms: number) => ms * (0.5 + Math.random() / 2);

const pauseMs = (attempts: number) => jittered(Math.min(longestPauseMs, firstPauseMs * 2 ** attempts));

const causeOf = (error: unknown) => (error instanceof ServiceUnreachableError ? error.cause : error);

/** What admins may read: which service, and what it did. Anything else is for the log. */
function faultOf(error: unknown): string {
  const cause = causeOf(error);
  const isForAdmins = [ServiceUnreachableError, ServiceRefusalError, RetryLaterError].some(
    (type) => error instanceof type,
  );
  return isForAdmins && Error.isError(cause) ? cause.message : 'internal error';
}
