import cors from 'cors';
import type { IncomingMessage, ServerResponse } from 'node:http';

const exposedHeaders = [
  'Allow',
  'Content-Disposition',
  'ETag',
  'Idempotency-Replayed',
  'Location',
  'RateLimit',
  'RateLimit-Policy',
  'Retry-After',
  'WWW-Authenticate',
  'X-Request-Id',
];
const allowedHeaders = [
  'Authorization',
  'Content-Type',
  'Idempotency-Key',
  'If-Match',
  'If-None-Match',
  'X-Request-Id',
];

/** Lets scripts of the allowed origins use the API. Credentials are not allowed: the API uses tokens, not cookies. */
export function crossOrigin(
  origins: readonly string[],
): (req: IncomingMessage, res: ServerResponse, next: () => void) => void {
  const handle = cors({
    origin: [...origins],
    methods: ['GET', 'HEAD', 'POST', 'PATCH', 'DELETE'],
    allowedHeaders,
    exposedHeaders,
    maxAge: 600,
  });
  return (req, res, next) => {
    // cors would answer every OPTIONS request. One that is not a preflight belongs to the service.
    if (req.method === 'OPTIONS' && req.headers['access-control-request-method'] === undefined) next();
    else handle(req, res, next);
  };
}
