import { createPublicKey, type KeyObject } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import axios from 'axios';
import { z } from 'zod';
import type { Logger } from '../process/logging.ts';
import { Problem, problems } from '../problems/problem.ts';

const Jwks = z.object({
  keys: z.array(
    z.looseObject({ kty: z.string(), kid: z.string(), alg: z.string(), use: z.string().optional() }),
  ),
});

const retryMs = 500;

interface Timing {
  /** The interval of the regular reads, after which a retired key is forgotten. Default: 60,000. */
  refreshMs?: number;
  /** The time between two reads for unknown keys, which forged tokens can name. Default: 5,000. */
  cooldownMs?: number;
}

interface KeySetOptions {
  url: string;
  log: Logger;
  timing?: Timing;
}

/** The public keys that verify access tokens, in memory. */
export interface KeySet {
  /**
   * The key with this id. Reads the keys again when it is unknown, at most every five seconds. Throws
   * `service_unavailable` when it is unknown and the latest read has failed.
   */
  find(kid: string): Promise<KeyObject | undefined>;
  /** The key with this id if it is in memory. If not, a read starts in the background. */
  peek(kid: string): KeyObject | undefined;
  /** Whether the keys were read at least once. */
  loaded(): boolean;
  /** Milliseconds since the keys were read, or since the start if they never were. */
  ageMs(): number;
  close(): void;
}

/**
 * Reads a JWK Set (RFC 7517) from `url` every minute and keeps it in memory. Repeats a failed read every half
 * second, so a service may start before the issuer.
 */
export function createKeySet({ url, log, timing = {} }: KeySetOptions): KeySet {
  const { refreshMs = 60_000, cooldownMs = 5_000 } = timing;
  const closing = new AbortController();
  let keys: Map<string, KeyObject> | undefined;
  let lastRead = 0;
  let succeededAt = performance.now();
  let reading: Promise<void> | undefined;
  let failing = false;

  /** Callers share a read that is in progress. */
  function read(): Promise<void> {
    reading ??= readKeys().finally(() => {
      reading = undefined;
    });
    return reading;
  }

  async function readKeys(): Promise<void> {
    lastRead = Date.now();
    try {
      keys = await fetchKeys(url, AbortSignal.any([closing.signal, AbortSignal.timeout(2_000)]));
      succeededAt = performance.now();
      failing = false;
    } catch (error) {
      if (!failing && !closing.signal.aborted) log.warn({ err: error }, 'the signing keys cannot be read');
      failing = true;
      throw error;
    }
  }

  async function keepFresh(): Promise<void> {
    while (!closing.signal.aborted) {
      await read().catch(() => {});
      await delay(failing ? retryMs : refreshMs, undefined, { signal: closing.signal, ref: false }).catch(
        () => {},
      );
    }
  }
  void keepFresh();

  async function find(kid: string): Promise<KeyObject | undefined> {
    const isStale = Date.now() - lastRead > cooldownMs;
    if (!keys?.has(kid) && (reading || isStale)) {
      await read().catch((cause: unknown) => {
        throw new Problem(problems.serviceUnavailable, { cause });
      });
    }
    const key = keys?.get(kid);
    if (key === undefined && failing) throw new Problem(problems.serviceUnavailable);
    return key;
  }

  return {
    find,
    peek(kid) {
      const key = keys?.get(kid);
      if (key === undefined) void find(kid).catch(() => {});
      return key;
    },
    loaded: () => keys !== undefined,
    ageMs: () => performance.now() - succeededAt,
    close: () => closing.abort(),
  };
}

async function fetchKeys(url: string, signal: AbortSignal): Promise<Map<string, KeyObject>> {
  const { data } = await axios.get<unknown>(url, { signal, proxy: false });
  const usable = Jwks.parse(data).keys.filter((jwk) => jwk.alg === 'RS256' && jwk.use !== 'enc');
  return new Map(usable.map((jwk) => [jwk.kid, createPublicKey({ key: jwk, format: 'jwk' })]));
}
