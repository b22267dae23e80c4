import type { IncomingMessage, ServerResponse } from 'node:http';
import { TLSSocket } from 'node:tls';
import { commonHeaders, forwardedByGateway } from '@polyglot-notes/service-kit';

const notForwarded = new Set([
  // Hop by hop.
  'connection',
  'keep-alive',
  'proxy-connection',
  'proxy-authorization',
  'te',
  'trailer',
  'upgrade',
  'expect',
  // The trace of the client: the gateway begins its own.
  'traceparent',
  'tracestate',
  'baggage',
]);

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

const isForwarded = (name: string) =>
  name.startsWith('x-forwarded-') || name === 'forwarded' || name === 'x-real-ip';

/**
 * Makes the headers of a request those that a service gets: without the hop-by-hop headers and those that Connection lists
 * (RFC 9110, section 7.6.1), but none that is relied on, without a trace, and with `X-Forwarded-*` from the gateway only.
 */
export function prepareRequestHeaders(req: IncomingMessage, address: string | undefined): void {
  const { headers: given } = req;
  const listed = listedIn(given.connection);
  const headers: IncomingMessage['headers'] = {};
  for (const name in given) {
    if (notForwarded.has(name) || isForwarded(name) || (listed?.has(name) && !endToEnd.has(name))) continue;
    headers[name] = given[name];
  }
  headers['x-forwarded-proto'] = req.socket instanceof TLSSocket ? 'https' : 'http';
  headers['x-forwarded-by'] = forwardedByGateway;
  if (address !== undefined) headers['x-forwarded-for'] = address;
  if (given.host !== undefined) headers['x-forwarded-host'] = given.host;
  req.headers = headers;
}

const usual = new Set([undefined, 'keep-alive', 'close', '']);

/** The names that Connection lists; undefined if it has only the usual ones. */
const listedIn = (connection: string | undefined) =>
  usual.has(connection?.toLowerCase())
    ? undefined
    : new Set(
        (connection ?? '')
          .toLowerCase()
          .split(',')
          .map((name) => name.trim()),
      );

/** A common header: its name and value, and its bit in a set of them. */
const common = new Map(
  Object.entries(commonHeaders).map(([name, value], place) => [
    name.toLowerCase(),
    { name, value, bit: 1 << place },
  ]),
);

// Node writes its own headers about the connection and the body's framing.
const ofConnection = new Set(['connection', 'keep-alive', 'transfer-encoding', 'x-request-id']);

/**
 * The headers of a response to a client, as names and values in turn: those of the service, but `own` in place of its headers
 * for CORS, and the common ones that it lacks. Vary has the values of both.
 */
export function responseHeaders({ rawHeaders }: IncomingMessage, own: readonly string[]): string[] {
  const headers = [...own];
  let found = 0;
  let vary = 'Origin, Accept-Encoding';
  for (let index = 0; index < rawHeaders.length; index += 2) {
    const [name, value] = [rawHeaders[index]!, rawHeaders[index + 1]!];
    const key = name.toLowerCase();
    if (ofConnection.has(key) || key.startsWith('access-control-')) continue;
    if (key === 'vary') vary = `${vary}, ${value}`;
    else {
      found |= common.get(key)?.bit ?? 0;
      headers.push(name, value);
    }
  }
  headers.push('Vary', vary);
  return headers.concat(commonWithout(found));
}

const lacking = new Map<number, readonly string[]>();

/** The common headers that are not in the set `found`, as names and values in turn. */
function commonWithout(found: number): readonly string[] {
  const known = lacking.get(found);
  if (known !== undefined) return known;
  const others = [...common.values()].filter(({ bit }) => (found & bit) === 0);
  const headers = others.flatMap(({ name, value }) => [name, value]);
  lacking.set(found, headers);
  return headers;
}

/** Sets headers from names and values in turn. */
export function setAll(res: ServerResponse, headers: readonly string[]): void {
  for (let index = 0; index < headers.length; index += 2) res.setHeader(headers[index]!, headers[index + 1]!);
}
