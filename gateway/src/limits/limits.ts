import { Problem, problems, type VerifyAccessToken } from '@polyglot-notes/service-kit';
import type { IncomingMessage } from 'node:http';
import type { Request, RequestHandler } from 'express';
import { ipKeyGenerator, rateLimit } from 'express-rate-limit';
import type { SharedCounters } from './shared-counters.ts';
import { strictCallOf } from './strict-calls.ts';
import { tokenUser } from './token-user.ts';

// Probes of an orchestrator, which cost nothing and must never be refused.
const uncounted = new Set(['/health/live', '/health/ready']);

interface LimitsOptions {
  limits: {
    windowMs: number;
    max: number;
    authMax: number;
    counters: SharedCounters | undefined;
  };
  addressOf: (req: IncomingMessage) => string | undefined;
  verifyAccessToken: VerifyAccessToken;
}

/**
 * Refuses requests above a limit with `rate_limited`. Strict calls are counted by address, each call on its own, all
 * others by user, or by address without a valid token. A limit of 0 means no limit.
 */
export function rateLimits({
  limits: { windowMs, max, authMax, counters },
  addressOf,
  verifyAccessToken,
}: LimitsOptions): RequestHandler[] {
  const common = { windowMs, standardHeaders: 'draft-8', legacyHeaders: false, handler: refuse } as const;
  const storeFor = (name: string) => (counters === undefined ? {} : { store: counters.store(name) });
  const userOf = tokenUser(verifyAccessToken);
  // An IPv6 client has a whole network, which counts as one address.
  const clientOf = (req: Request) => ipKeyGenerator(addressOf(req) ?? '');
  const hasStrict = authMax > 0;
  const strict = rateLimit({
    ...common,
    ...storeFor('auth'),
    identifier: 'auth',
    limit: authMax,
    keyGenerator: (req) => `${clientOf(req)} ${strictCall(req)}`,
    skip: (req) => strictCall(req) === undefined,
  });
  const usual = rateLimit({
    ...common,
    ...storeFor('api'),
    identifier: 'api',
    limit: max,
    keyGenerator: async (req) => (await userOf(req)) ?? clientOf(req),
    // Only one limit applies to a call, so that the response has one RateLimit header.
    skip: (req) => uncounted.has(pathOf(req)) || (hasStrict && strictCall(req) !== undefined),
  });
  return [...(hasStrict ? [strict] : []), ...(max > 0 ? [usual] : [])];
}

// The limiter has already set Retry-After.
const refuse: RequestHandler = () => {
  throw new Problem(problems.rateLimited);
};

const pathOf = ({ originalUrl }: Request) => originalUrl.split('?', 1)[0] ?? '';

const strictCall = (req: Request) => strictCallOf(req.method, pathOf(req));
