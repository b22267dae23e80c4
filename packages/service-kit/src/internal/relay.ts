import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import type { Logger } from '../process/logging.ts';
import { currentSpan, currentWork } from '../process/request-scope.ts';
import { traceWork } from '../process/trace-work.ts';
import type { Tracing } from '../process/tracing.ts';

/** The pending delivery of a document: kept in the document, and written together with the change to deliver. */
export interface Delivery {
  /** A confirmation removes the delivery with this id and no newer one. */
  id: string;
  /** When the change was written. */
  since: Date;
  /** When the next attempt is due; null while the delivery is parked. */
  dueAt: Date | null;
  /** The number of failed attempts. */
  attempts: number;
  /** Why the last attempt failed. */
  fault: string | null;
  /** Of the request that wrote the change, if it was traced. */
  traceparent?: string;
}

/** A delivery of a change that the caller writes now and delivers itself. The relay may claim it after `leaseMs`. */
export function newDelivery(leaseMs: number, now: Date): Delivery {
  const span = currentSpan();
  return {
    id: randomUUID(),
    since: now,
    dueAt: new Date(now.getTime() + leaseMs),
    attempts: 0,
    fault: null,
    ...(span !== undefined && { traceparent: span.traceparent }),
  };
}

/** Where the documents with pending deliveries are stored. */
export interface Outbox<Item> {
  /** Claims one document that is due by `now`: no other relay claims it before `until`. Null when nothing is due. */
  claim(now: Date, until: Date): Promise<Item | null>;
  /** Counts a failed attempt and sets when the next one is due. False when the delivery was confirmed or replaced. */
  postpone(item: Item, dueAt: Date | null, fault: string): Promise<boolean>;
}

/** What a failed attempt means. */
export interface Failure {
  /** Whether a repeat can never succeed. The delivery is then parked until an admin releases it. */
  isPermanent: boolean;
  /** Whether this happens while another system is unavailable. Anything else is logged as an error at once. */
  isExpected: boolean;
  /** What admins may read about it. */
  publicReason: string;
  /** What is logged. */
  cause: unknown;
}

interface RelayOptions<Item, Outcome> {
  outbox: Outbox<Item>;
  /** Delivers a change and confirms it. Throws when that fails. */
  deliver: (item: Item) => Promise<Outcome>;
  classify: (error: unknown) => Failure;
  /** What an item is, for the log: `account` gives the field `accountId`. */
  noun: string;
  /** The longest time that one delivery takes. */
  leaseMs: number;
  /** How often the relay looks for deliveries that are due. */
  pollMs?: number | undefined;
  /** The longest pause between two attempts: half a minute by default. */
  longestPauseMs?: number;
  /** The number of deliveries at the same time: 50 by default. */
  maxRunning?: number;
  tracing: Tracing | undefined;
  log: Logger;
  clock: () => Date;
}

export interface Relay<Item, Outcome> {
  /** Delivers a change now. Undefined when that failed: the delivery is then pending or parked. */
  attempt(item: Item): Promise<Outcome | undefined>;
  /** Looks for due deliveries now, instead of within half a second. */
  wake(): void;
  /** Stops when the running deliveries have ended. */
  close(): Promise<void>;
}

const firstPauseMs = 500;
const alarmAfterAttempts = 6;

/**
 * Repeats pending deliveries until they are confirmed, with growing pauses from half a second to `longestPauseMs`. Several
 * relays may work on the same data. `deliver` must be idempotent.
 */
export function createRelay<Item extends { _id: string; delivery?: Delivery | undefined }, Outcome>({
  outbox,
  deliver,
  classify,
  noun,
  leaseMs,
  pollMs = 500,
  longestPauseMs = 30_000,
  maxRunning = 50,
  tracing,
  log,
  clock,
}: RelayOptions<Item, Outcome>): Relay<Item, Outcome> {
  const closing = new AbortController();
  const running = new Set<Promise<unknown>>();

  async function attempt(item: Item): Promise<Outcome | undefined> {
    try {
      return await deliver(item);
    } catch (error) {
      currentWork()?.fail(error);
      const failure = classify(error);
      await postpone(item, failure).catch((err: unknown) =>
        log.error({ err, fault: failure.publicReason }, 'a delivery could not be postponed'),
      );
      return undefined;
    }
  }

  async function postpone(item: Item, { isPermanent, isExpected, publicReason, cause }: Failure) {
    const attempts = (item.delivery?.attempts ?? 0) + 1;
    const dueAt = isPermanent ? null : new Date(clock().getTime() + pauseMs(attempts, longestPauseMs));
    const isPending = await outbox.postpone(item, dueAt, publicReason);
    if (!isPending) return;
    const isAlarm = isPermanent || !isExpected || attempts >= alarmAfterAttempts;
    log[isAlarm ? 'error' : 'warn'](
      { err: cause, [`${noun}Id`]: item._id, attempts },
      isPermanent ? 'delivery parked: permanent refusal' : 'delivery failed, will be repeated',
    );
  }

  const attemptClaimed = (item: Item) =>
    traceWork(tracing, { name: `deliver ${noun}`, cause: item.delivery?.traceparent }, () => {
      currentWork()?.begin();
      return attempt(item);
    });

  async function startDue(): Promise<void> {
    while (running.size < maxRunning && !closing.signal.aborted) {
      const now = clock();
      const item = await outbox.claim(now, new Date(now.getTime() + leaseMs));
      if (item === null) return;
      const task = attemptClaimed(item).finally(() => {
        running.delete(task);
        if (running.size === maxRunning - 1) poll.wake();
      });
      running.add(task);
    }
  }

  const poll = pollUntil(closing.signal, { startDue, pollMs, log });

  return {
    attempt,
    wake: poll.wake,
    async close() {
      closing.abort();
      await poll.ended;
      await Promise.all(running);
    },
  };
}

function pollUntil(
  closing: AbortSignal,
  { startDue, pollMs, log }: { startDue: () => Promise<void>; pollMs: number; log: Logger },
) {
  let awake = Promise.withResolvers<void>();

  async function poll(): Promise<void> {
    let isFailing = false;
    while (!closing.aborted) {
      awake = Promise.withResolvers();
      try {
        await startDue();
        isFailing = false;
      } catch (err) {
        if (!isFailing) log.error({ err }, 'the relay cannot read what is due');
        isFailing = true;
      }
      await pause();
    }
  }

  /** Ends early when somebody has called `wake` since `startDue` began. */
  async function pause(): Promise<void> {
    const timer = new AbortController();
    const signal = AbortSignal.any([closing, timer.signal]);
    const timeout = delay(jittered(pollMs), undefined, { signal, ref: false }).catch(() => {});
    await Promise.race([timeout, awake.promise]);
    timer.abort();
  }

  return { ended: poll(), wake: () => awake.resolve() };
}

/** Between half of it and all of it, so that several relays do not run in step. */
const jittered = (ms: number) => ms * (0.5 + Math.random() / 2);

const pauseMs = (attempts: number, longestMs: number) =>
  jittered(Math.min(longestMs, firstPauseMs * 2 ** attempts));
