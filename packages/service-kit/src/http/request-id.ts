import { randomUUID } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import type { RequestHandler } from 'express';
import { runInRequest } from '../process/request-scope.ts';

const valid = /^[A-Za-z0-9._-]{8,128}$/;

/** Gives a request an id, which it returns: its `X-Request-Id` if that is 8..128 of `A-Za-z0-9._-`, else a new one. */
export function giveRequestId({ headers }: IncomingMessage): string {
  const given = headers['x-request-id'];
  const id = typeof given === 'string' && valid.test(given) ? given : randomUUID();
  headers['x-request-id'] = id;
  return id;
}

/** Gives each request an id, which its response and its log lines have too. */
export function requestId(): RequestHandler {
  return (req, res, next) => {
    const id = giveRequestId(req);
    res.setHeader('X-Request-Id', id);
    runInRequest(id, next);
  };
}
