import { expect, test } from '@jest/globals';
import { replaceRegion } from './region.ts';

const text =
  'a:\n  # generated: one\n  old\n  # generated: end\n  kept\n  # generated: two\n  # generated: end\n';

test('replaces the lines of the region and keeps everything around it', () => {
  expect(replaceRegion(text, 'two', ['new', '', 'lines'])).toBe(
    'a:\n  # generated: one\n  old\n  # generated: end\n  kept\n  # generated: two\n  new\n\n  lines\n  # generated: end\n',
  );
  expect(replaceRegion(text, 'one', [])).not.toContain('old');
});

test('changes nothing when it is applied again', () => {
  const once = replaceRegion(text, 'one', ['new']);
  expect(replaceRegion(once, 'one', ['new'])).toBe(once);
});

test('refuses a text without the region', () => {
  expect(() => replaceRegion(text, 'three', [])).toThrow('There is no region "generated: three"');
});
