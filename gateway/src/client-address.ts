import { isIP } from 'node:net';
import type { IncomingMessage } from 'node:http';
import proxyAddr from 'proxy-addr';

// Some proxies name the port as well: 203.0.113.7:4711, [2001:db8::1]:4711.
const withPort = /^(?:\[(.+)\]|([^:]+)):\d+$/;

/**
 * Where a request comes from, seen past the proxies that `isTrusted` knows; undefined when the client is gone already.
 * What a trusted proxy says counts if it is an IP address.
 */
export function clientAddress(
  req: IncomingMessage,
  isTrusted: (address: string, hop: number) => boolean,
): string | undefined {
  const said = proxyAddr(req, isTrusted);
  const [, v6, v4] = withPort.exec(said) ?? [];
  const address = v6 ?? v4 ?? said;
  return isIP(address) === 0 ? req.socket.remoteAddress : address;
}
