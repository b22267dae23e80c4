import { randomUUID } from 'node:crypto';
import type { RequestHandler } from 'express';
import { runInRequest } from '../process/request-scope.ts';

const valid = /^[A-Za-z0-9._-]{8,128}$/;

/** Gives each request an id: its `X-Request-Id` if that is 8..128 of `A-Za-z0-9._-`, else a new one. */
export function requestId(): RequestHandler {
  return (req, res, next) => {
    const given = req.get('x-request-id');
    const id = given !== undefined && valid.test(given) ? given : randomUUID();
    req.headers['x-request-id'] = id;
    res.set('X-Request-Id', id);
    runInRequest(id, next);
  };
}
