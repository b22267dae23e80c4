import type { IncomingMessage, ServerResponse } from 'node:http';
import { TLSSocket } from 'node:tls';

/** Sets `X-Forwarded-*` from the connection and `address`. Values from the client are dropped. */
export function overwriteForwardedHeaders(
  { headers, socket }: IncomingMessage,
  address: string | undefined,
): void {
  for (const name of Object.keys(headers)) {
    if (name.startsWith('x-forwarded-') || name === 'forwarded' || name === 'x-real-ip') delete headers[name];
  }
  headers['x-forwarded-proto'] = socket instanceof TLSSocket ? 'https' : 'http';
  if (address !== undefined) headers['x-forwarded-for'] = address;
  if (headers.host !== undefined) headers['x-forwarded-host'] = headers.host;
}

const hopByHop = [
  'connection',
  'keep-alive',
  'proxy-connection',
  'proxy-authorization',
  'te',
  'trailer',
  'upgrade',
  'expect',
];

/** Headers that the gateway or a service relies on. They concern every recipient, so Connection may not list them. */
const endToEnd = new Set([
  'authorization',
  'content-encoding',
  'content-length',
  'content-type',
  'host',
  'idempotency-key',
  'if-match',
  'if-none-match',
  'transfer-encoding',
  'user-agent',
  'x-request-id',
]);

/** Drops the hop-by-hop headers and those that Connection lists (RFC 9110, section 7.6.1), but none that is relied on. */
export function removeHopByHopHeaders({ headers }: IncomingMessage): void {
  const listed = (headers.connection ?? '')
    .toLowerCase()
    .split(',')
    .map((name) => name.trim());
  for (const name of [...hopByHop, ...listed]) {
    if (!endToEnd.has(name)) delete headers[name];
  }
}

/** Replaces Connection and CORS in the response of a service. Vary keeps the values of both. */
export function keepOwnHeaders({ headers }: IncomingMessage, res: ServerResponse): void {
  for (const name of Object.keys(headers)) {
    if (name.startsWith('access-control-')) delete headers[name];
  }
  // Hidden from the client. The connection pool reads here how long the service keeps the connection open.
  Object.defineProperty(headers, 'keep-alive', { enumerable: false });
  headers.connection = res.shouldKeepAlive ? 'keep-alive' : 'close';
  const vary = [res.getHeader('Vary'), headers.vary].filter((value) => value !== undefined);
  if (vary.length > 0) headers.vary = vary.join(', ');
}
