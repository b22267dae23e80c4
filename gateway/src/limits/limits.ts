import { Problem, problems } from '@polyglot-notes/service-kit';
import type { Request, RequestHandler } from 'express';
import { ipKeyGenerator, rateLimit } from 'express-rate-limit';
import type { Context } from '../context.ts';
import { tokenUser } from './token-user.ts';

/** Calls of /api/auth by which secrets can be guessed, mails sent or accounts made in numbers. */
const strictCalls = new Set([
  'register',
  'login',
  'forgot-password',
  'reset-password',
  'update-password',
  'resend-verification',
  'change-email',
  'verify-email',
]);

/** What the gateway answers by itself to those who watch it or read how to use it. */
const uncounted = /^\/(?:health|docs|openapi\.json)(?:\/|$)/;

/**
 * Counts requests and refuses those above a limit with `rate_limited`: the strict calls by address, each on its own, and
 * all others by user, or by address where no valid token says who it is. A limit of 0 is none.
 */
export function rateLimits({
  limits: { windowMs, max, authMax, counters },
  addressOf,
  verifyAccessToken,
}: Pick<Context, 'limits' | 'addressOf' | 'verifyAccessToken'>): RequestHandler[] {
  const common = { windowMs, standardHeaders: 'draft-8', legacyHeaders: false, handler: refuse } as const;
  const storeFor = (name: string) => (counters === undefined ? {} : { store: counters.store(name) });
  const userOf = tokenUser(verifyAccessToken);
  // Of IPv6 the network that one client has.
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
    // One limit for each call, so that an answer has one RateLimit header.
    skip: (req) => uncounted.test(pathOf(req)) || (hasStrict && strictCall(req) !== undefined),
  });
  return [...(hasStrict ? [strict] : []), ...(max > 0 ? [usual] : [])];
}

/** The limiter has set Retry-After. */
const refuse: RequestHandler = () => {
  throw new Problem(problems.rateLimited);
};

const pathOf = ({ originalUrl }: Request) => originalUrl.split('?', 1)[0] ?? '';

function strictCall(req: Request): string | undefined {
  const [, api, auth, call = ''] = pathOf(req).split('/');
  return api === 'api' && auth === 'auth' && strictCalls.has(call) ? call : undefined;
}
