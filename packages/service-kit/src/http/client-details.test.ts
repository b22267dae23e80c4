import { describe, expect, test } from '@jest/globals';
import { clientDetails } from './client-details.ts';

const detailsOf = (headers: Record<string, string | string[]>, remoteAddress?: string) =>
  clientDetails({ headers, socket: { remoteAddress } });

describe('the address of the client', () => {
  test.each([
    ['the one that the gateway forwards', '203.0.113.7', '203.0.113.7'],
    ['an IPv6 address that the gateway forwards', '2001:db8::1', '2001:db8::1'],
    ['an IPv4 address that is forwarded as IPv6', '::ffff:203.0.113.7', '203.0.113.7'],
    ['without the zone of a link-local address', 'fe80::1%eth0', 'fe80::1'],
    ['that of the connection when several are forwarded', '203.0.113.7, 203.0.113.8', '10.0.0.1'],
    ['that of the connection when a port is forwarded', '203.0.113.7:4711', '10.0.0.1'],
    ['that of the connection when a name is forwarded', 'unknown', '10.0.0.1'],
    ['that of the connection when an empty text is forwarded', '', '10.0.0.1'],
  ])('is %s', (_what, forwarded, address) => {
    expect(detailsOf({ 'x-forwarded-for': forwarded }, '10.0.0.1')).toMatchObject({ address });
  });

  test.each([
    ['10.0.0.1', '10.0.0.1'],
    ['::1', '::1'],
    ['::ffff:10.0.0.1', '10.0.0.1'],
    [undefined, undefined],
  ])('is that of the connection, %s, when none is forwarded', (remote, address) => {
    expect(detailsOf({}, remote).address).toBe(address);
  });
});

describe('the user agent', () => {
  test.each([
    ['is returned as sent', 'Firefox/142.0 (X11; Linux)', 'Firefox/142.0 (X11; Linux)'],
    ['has no control characters', 'a\tb\u0000\u007f\u0085c', 'a b   c'],
    ['has at most 512 characters', 'a'.repeat(600), 'a'.repeat(512)],
    ['is undefined when it is blank', ' \t ', undefined],
  ])('%s', (_what, sent, userAgent) => {
    expect(detailsOf({ 'user-agent': sent }).userAgent).toBe(userAgent);
  });

  test('is undefined when none was sent', () => {
    expect(detailsOf({}).userAgent).toBeUndefined();
  });
});
