import { Problem, problems, type NamedLimit, type VerifyAccessToken } from '@polyglot-notes/service-kit';
import type { IncomingMessage } from 'node:http';
import type { Request, RequestHandler } from 'express';
import { ipKeyGenerator, rateLimit } from 'express-rate-limit';
import { pathOf } from '../declared-calls.ts';
import { limitedCallOf } from './limited-calls.ts';
import type { SharedCounters } from './shared-counters.ts';
import { tokenUser } from './token-user.ts';

// Probes of an orchestrator, which cost nothing and must never be refused.
const uncounted = new Set(['/health/live', '/health/ready']);

interface LimitsOptions {
  limits: {
    windowMs: number;
    max: number;
    authMax: number;
    refreshMax: number;
    counters: SharedCounters | undefined;
  };
  addressOf: (req: IncomingMessage) => string | undefined;
  verifyAccessToken: VerifyAccessToken;
}

/**
 * Refuses requests above a limit with `rate_limited`. Calls with a named limit are counted by address, each call on its
 * own, all others by user, or by address without a valid token. A limit of 0 means no limit.
 */
export function rateLimits({
  limits: { windowMs, max, authMax, refreshMax, counters },
  addressOf,
  verifyAccessToken,
}: LimitsOptions): RequestHandler[] {
  const common = { windowMs, standardHeaders: 'draft-8', legacyHeaders: false, handler: refuse } as const;
  const storeFor = (name: string) => (counters === undefined ? {} : { store: counters.store(name) });
  const userOf = tokenUser(verifyAccessToken);
  // An IPv6 client has a whole network, which counts as one address.
  const clientOf = (req: Request) => ipKeyGenerator(addressOf(req) ?? '');
  const maxima: Record<NamedLimit, number> = { strict: authMax, refresh: refreshMax };
  /** The call with a named limit that a request makes, unless that limit is off. */
  const limitedCall = (req: Request) => {
    const call = limitedCallOf(req);
    return call !== undefined && maxima[call.limit] > 0 ? call : undefined;
  };
  const named = (limit: NamedLimit, identifier: string) =>
    rateLimit({
      ...common,
      ...storeFor(identifier),
      identifier,
      limit: maxima[limit],
      keyGenerator: (req) => `${clientOf(req)} ${limitedCall(req)?.path}`,
      skip: (req) => limitedCall(req)?.limit !== limit,
    });
  const usual = rateLimit({
    ...common,
    ...storeFor('api'),
    identifier: 'api',
    limit: max,
    keyGenerator: async (req) => (await userOf(req)) ?? clientOf(req),
    // Only one limit applies to a call, so that the response has one RateLimit header.
    skip: (req) => uncounted.has(pathOf(req)) || limitedCall(req) !== undefined,
  });
  return [named('strict', 'auth'), named('refresh', 'refresh'), ...(max > 0 ? [usual] : [])];
}

// The limiter has already set Retry-After.
const refuse: RequestHandler = () => {
  throw new Problem(problems.rateLimited);
};
