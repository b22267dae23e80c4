import type { IncomingMessage } from 'node:http';
import { Problem, problems } from '../problems/problem.ts';
import { isHost } from './request-target.ts';

/**
 * Throws a problem for a request that another server may read differently (RFC 9112, sections 2.5, 3.2 and 6.1; RFC 9110,
 * section 5.3), and for the opening handshake of a WebSocket (RFC 6455, section 4.1).
 */
export function checkRequest({ httpVersion, headers, rawHeaders }: IncomingMessage): void {
  if (httpVersion !== '1.1' && httpVersion !== '1.0') {
    throw new Problem(problems.httpVersionNotSupported, { headers: { Connection: 'close' } });
  }
  const hosts = countOf('host', rawHeaders);
  if (hosts > 1 || (httpVersion === '1.1' && hosts === 0)) {
    throw ambiguous('The request must have exactly one Host header.');
  }
  if (!isHost(headers.host)) {
    throw ambiguous('The Host header is not valid.');
  }
  if (countOf('content-type', rawHeaders) > 1) {
    throw ambiguous('The request must have at most one Content-Type header.');
  }
  const coding = headers['transfer-encoding'];
  if (coding !== undefined && coding.toLowerCase() !== 'chunked') {
    throw ambiguous('The only supported transfer coding is chunked.');
  }
  if (headers.upgrade !== undefined && httpVersion === '1.1' && isHandshake(headers)) {
    throw new Problem(problems.webSocketNotSupported, { headers: { Connection: 'close' } });
  }
}

const isHandshake = ({ upgrade = '', connection = '' }: IncomingMessage['headers']) =>
  hasToken(upgrade, 'websocket') && hasToken(connection, 'upgrade');

const hasToken = (list: string, token: string) =>
  list.split(',').some((item) => item.trim().toLowerCase() === token);

/** How many headers have the name, which is in lower case. Node keeps the first Host and Content-Type only. */
function countOf(name: string, rawHeaders: string[]): number {
  let count = 0;
  for (let index = 0; index < rawHeaders.length; index += 2) {
    const given = rawHeaders[index]!;
    if (given.length === name.length && given.toLowerCase() === name) count++;
  }
  return count;
}

// The connection closes, because the bytes that follow may not be a request.
const ambiguous = (detail: string) =>
  new Problem(problems.malformedRequest, { detail, headers: { Connection: 'close' } });
