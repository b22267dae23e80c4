import { expect, test } from '@jest/globals';
import { cacheDir } from './state-folders.ts';

test('keeps downloads where LOCAL_CACHE_DIR says', () => {
  expect(cacheDir({ LOCAL_CACHE_DIR: '/srv/cache/', XDG_CACHE_HOME: '/x' })).toBe('/srv/cache');
});

test('refuses a relative LOCAL_CACHE_DIR', () => {
  expect(() => cacheDir({ LOCAL_CACHE_DIR: 'cache' })).toThrow('must be an absolute path');
});
