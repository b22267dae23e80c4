import type { IncomingMessage, ServerResponse } from 'node:http';
import { TLSSocket } from 'node:tls';

/** Says where the request comes from, which is `address`, in the gateway's own view; what the client claims is dropped. */
export function overwriteForwardedHeaders(
  { headers, socket }: IncomingMessage,
  address: string | undefined,
): void {
  for (const name of Object.keys(headers)) {
    if (name.startsWith('x-forwarded-') || name === 'forwarded' || name === 'x-real-ip') delete headers[name];
  }
  headers['x-forwarded-proto'] = socket instanceof TLSSocket ? 'https' : 'http';
  // Neither is certain: the client may be gone by now, and HTTP/1.0 needs no Host.
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
const framing = new Set(['transfer-encoding', 'content-length', 'host']);

/**
 * Drops what is meant for this connection alone, by name or because Connection nominates it (RFC 9110, section 7.6.1).
 * What frames the body stays, whoever nominates it; Expect goes, because the gateway has answered it.
 */
export function removeHopByHopHeaders({ headers }: IncomingMessage): void {
  const nominated = (headers.connection ?? '')
    .toLowerCase()
    .split(',')
    .map((name) => name.trim());
  for (const name of [...hopByHop, ...nominated]) {
    if (!framing.has(name)) delete headers[name];
  }
}

/**
 * Drops from a service's answer what the gateway decides: the connection to the client, and which origins may read. What
 * the gateway's answer varies with stays beside what the service's does.
 */
export function keepOwnHeaders({ headers }: IncomingMessage, res: ServerResponse): void {
  for (const name of Object.keys(headers)) {
    if (name.startsWith('access-control-')) delete headers[name];
  }
  // Not for the client, but the connection pool looks here for how long the service keeps the connection open.
  Object.defineProperty(headers, 'keep-alive', { enumerable: false });
  headers.connection = res.shouldKeepAlive ? 'keep-alive' : 'close';
  const vary = [res.getHeader('Vary'), headers.vary].filter((value) => value !== undefined);
  if (vary.length > 0) headers.vary = vary.join(', ');
}
