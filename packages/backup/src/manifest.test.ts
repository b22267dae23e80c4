import { expect, test } from '@jest/globals';
import { version } from '@polyglot-notes/service-kit';
import { parseManifest } from './manifest.ts';

test.each([
  [version, /with the code that made it\.$/],
  ['9.0.0', /with the code that made it, version 9\.0\.0\.$/],
])('refuses a format of version %s that it does not know', (by, message) => {
  expect(() => parseManifest(JSON.stringify({ format: 2, version: by }))).toThrow(message);
});
