import { randomUUID } from 'node:crypto';
import type { IncomingMessage } from 'node:http';

const valid = /^[A-Za-z0-9._-]{8,128}$/;

/** Gives a request an id, which it returns: its `X-Request-Id` if that is 8..128 of `A-Za-z0-9._-`, else a new one. */
export function giveRequestId({ headers }: IncomingMessage): string {
  const given = headers['x-request-id'];
  const id = typeof given === 'string' && valid.test(given) ? given : randomUUID();
  headers['x-request-id'] = id;
  return id;
}
