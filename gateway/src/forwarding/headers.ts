import type { IncomingMessage } from 'node:http';
import { TLSSocket } from 'node:tls';

/** Says where the request comes from in the gateway's own view; what the client claims of it is dropped. */
export function overwriteForwardedHeaders({ headers, socket }: IncomingMessage): void {
  for (const name of Object.keys(headers)) {
    if (name.startsWith('x-forwarded-') || name === 'forwarded' || name === 'x-real-ip') delete headers[name];
  }
  headers['x-forwarded-for'] = socket.remoteAddress;
  headers['x-forwarded-proto'] = socket instanceof TLSSocket ? 'https' : 'http';
  headers['x-forwarded-host'] = headers.host;
}

/**
 * Drops what is meant for this connection alone (RFC 9110, section 7.6.1). Transfer-Encoding stays, as Node's framing
 * of the forwarded body; Expect goes, because the gateway has answered it.
 */
export function removeHopByHopHeaders({ headers }: IncomingMessage): void {
  for (const name of [
    'connection',
    'keep-alive',
    'proxy-connection',
    'proxy-authorization',
    'te',
    'trailer',
    'upgrade',
    'expect',
  ]) {
    delete headers[name];
  }
}
