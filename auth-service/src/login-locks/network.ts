import { ipKeyGenerator } from 'express-rate-limit';

const ipv6PrefixBits = 64;

/** The network of a client address: an IPv4 address itself, or the /64 network of an IPv6 address. */
export const networkOf = (address: string | null | undefined): string =>
  ipKeyGenerator(address ?? '', ipv6PrefixBits);
