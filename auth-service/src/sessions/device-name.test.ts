import { expect, test } from '@jest/globals';
import { deviceName } from './device-name.ts';

test.each([
  ['Mozilla/5.0 (X11; Linux x86_64; rv:145.0) Gecko/20100101 Firefox/145.0', 'Firefox on Linux'],
  [
    'Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.0 Mobile/15E148 Safari/604.1',
    'Safari on iOS',
  ],
  ['curl/8.14.1', 'curl'],
  ['python-requests/2.32', 'python-requests'],
  ['www.evil.example-click.here x', null],
  ['evil.example/1 (X11; Linux x86_64) ', 'Linux'],
  ['A'.repeat(7_000), null],
  ['-', null],
  [undefined, null],
])('the device with the user agent %j is %j', (userAgent, name) => {
  expect(deviceName(userAgent)).toBe(name);
});
