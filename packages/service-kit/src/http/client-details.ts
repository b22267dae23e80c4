import type { IncomingMessage } from 'node:http';
import { isIP } from 'node:net';

/** What a request says about the client that sent it. */
export interface ClientDetails {
  /** An IPv4 or IPv6 address. Undefined after a disconnect. */
  address: string | undefined;
  /** At most 512 characters, without control characters. */
  userAgent: string | undefined;
}

type ReceivedRequest = Pick<IncomingMessage, 'headers'> & {
  socket: { remoteAddress?: string | undefined };
};

const ipv4InIpv6 = /^::ffff:(?=\d+\.)/i;
const zone = /%.*$/;

/** The address that the gateway sets in X-Forwarded-For, or else that of the connection, and the user agent. */
export function clientDetails({ headers, socket }: ReceivedRequest): ClientDetails {
  const forwarded = String(headers['x-forwarded-for']);
  const address = isIP(forwarded) === 0 ? socket.remoteAddress : forwarded;
  const userAgent = headers['user-agent']
    ?.replaceAll(/\p{Cc}/gu, ' ')
    .trim()
    .slice(0, 512);
  return {
    address: address?.replace(ipv4InIpv6, '').replace(zone, ''),
    userAgent: userAgent === '' ? undefined : userAgent,
  };
}
