import {
  Problem,
  problems,
  type Metrics,
  type NamedLimit,
  type VerifyAccessToken,
} from '@polyglot-notes/service-kit';
import { hash } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { ipKeyGenerator, MemoryStore, type Options } from 'express-rate-limit';
import { LRUCache } from 'lru-cache';
import { pathOf } from '../declared-calls.ts';
import { limitedCallOf } from './limited-calls.ts';
import type { CounterStore, SharedCounters } from './shared-counters.ts';
import { tokenUser } from './token-user.ts';

// Probes of an orchestrator, which must never be refused.
const uncounted = new Set(['/health/live', '/health/ready']);

export interface LimitsOptions {
  limits: {
    windowMs: number;
    max: number;
    authMax: number;
    refreshMax: number;
    counters: SharedCounters | undefined;
  };
  addressOf: (req: IncomingMessage) => string | undefined;
  verifyAccessToken: VerifyAccessToken;
  metrics: Metrics;
}

/** The headers `RateLimit` and `RateLimit-Policy` of a response, as names and values in turn; empty for a call without limit. */
export type CountRequest = (req: IncomingMessage) => Promise<readonly string[]>;

/**
 * Creates a function that counts a request, and throws `rate_limited` above its limit. Calls with a named limit are counted
 * by address, each call on its own, all others by user, or by address without a valid token. A limit of 0 means no limit.
 */
export function createRateLimits({
  limits: { windowMs, max, authMax, refreshMax, counters },
  addressOf,
  verifyAccessToken,
  metrics,
}: LimitsOptions): CountRequest {
  const countRefusal = metrics.counter({
    name: 'rate_limited_requests_total',
    help: 'Requests above a rate limit, by limit',
    labelNames: ['limit'],
    initial: ['api', 'auth', 'refresh'].map((limit) => ({ limit })),
  });
  const limitOf = (name: string, most: number) =>
    createLimit(name, {
      windowMs,
      max: most,
      store: counters?.store(name) ?? new MemoryStore(),
      onRefusal: () => countRefusal({ limit: name }),
    });
  const userOf = tokenUser(verifyAccessToken);
  // An IPv6 client has a whole network, which counts as one address.
  const clientOf = (req: IncomingMessage) => ipKeyGenerator(addressOf(req) ?? '');
  const usual = limitOf('api', max);
  const named: Record<NamedLimit, Limit> = {
    strict: limitOf('auth', authMax),
    refresh: limitOf('refresh', refreshMax),
  };
  return async (req) => {
    const call = limitedCallOf(req);
    if (call !== undefined && named[call.limit].max > 0)
      return named[call.limit].count(`${clientOf(req)} ${call.path}`);
    if (max === 0 || uncounted.has(pathOf(req))) return [];
    return usual.count((await userOf(req)) ?? clientOf(req));
  };
}

interface LimitOptions {
  windowMs: number;
  max: number;
  store: CounterStore;
  onRefusal: () => void;
}

type Limit = ReturnType<typeof createLimit>;

// A megabyte.
const maxPolicies = 5_000;

/** One limit, with the headers of draft-ietf-httpapi-ratelimit-headers-10 as express-rate-limit sends them. */
function createLimit(name: string, { windowMs, max, store, onRefusal }: LimitOptions) {
  void store.init?.({ windowMs } as Options);
  const policies = new LRUCache<string, string>({ max: maxPolicies });
  const windowSeconds = Math.ceil(windowMs / 1_000);

  function policyOf(key: string): string {
    const known = policies.get(key);
    if (known !== undefined) return known;
    const partition = Buffer.from(hash('sha256', key).slice(0, 12)).toString('base64');
    const policy = `"${name}"; q=${max}; w=${windowSeconds}; pk=:${partition}:`;
    policies.set(key, policy);
    return policy;
  }

  return {
    max,
    async count(key: string): Promise<readonly string[]> {
      const { totalHits, resetTime } = await store.increment(key);
      const seconds =
        resetTime === undefined
          ? windowSeconds
          : Math.max(0, Math.ceil((resetTime.getTime() - Date.now()) / 1_000));
      const left = `"${name}"; r=${Math.max(max - totalHits, 0)}; t=${seconds}`;
      const policy = policyOf(key);
      if (totalHits > max) {
        onRefusal();
        const headers = { RateLimit: left, 'RateLimit-Policy': policy, 'Retry-After': String(seconds) };
        throw new Problem(problems.rateLimited, { headers });
      }
      return ['RateLimit', left, 'RateLimit-Policy', policy];
    },
  };
}
