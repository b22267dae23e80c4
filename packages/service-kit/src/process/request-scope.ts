import { AsyncLocalStorage } from 'node:async_hooks';
import { randomUUID } from 'node:crypto';
import type { RequestHandler } from 'express';

const scope = new AsyncLocalStorage<{ requestId: string }>();
const acceptable = /^[A-Za-z0-9._-]{8,128}$/;

/** The id of the request that is being answered, or undefined outside of one. */
export const currentRequestId = (): string | undefined => scope.getStore()?.requestId;

/** Gives each request an id, the caller's own if it is 8..128 of `A-Za-z0-9._-`, and returns it as `X-Request-Id`. */
export function requestScope(): RequestHandler {
  return (req, res, next) => {
    const given = req.get('x-request-id');
    const requestId = given !== undefined && acceptable.test(given) ? given : randomUUID();
    req.headers['x-request-id'] = requestId;
    res.set('X-Request-Id', requestId);
    scope.run({ requestId }, next);
  };
}
