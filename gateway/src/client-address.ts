import { isIP } from 'node:net';
import type { IncomingMessage } from 'node:http';
import proxyAddr from 'proxy-addr';

// Some proxies add the port: 203.0.113.7:4711, [2001:db8::1]:4711.
const withPort = /^(?:\[(.+)\]|([^:]+)):\d+$/;

/** The client address of a request behind the proxies that `isTrusted` accepts; undefined after a disconnect. */
export function clientAddress(
  req: IncomingMessage,
  isTrusted: (address: string, hop: number) => boolean,
): string | undefined {
  if (req.headers['x-forwarded-for'] === undefined) return req.socket.remoteAddress;
  const named = proxyAddr(req, isTrusted);
  const [, v6, v4] = withPort.exec(named) ?? [];
  const address = v6 ?? v4 ?? named;
  return isIP(address) === 0 ? req.socket.remoteAddress : address;
}
