import { expect, test } from '@jest/globals';
import { openCursors } from './cursors.ts';

test('keeps the continuation of a cursor until it is closed', () => {
  const cursors = openCursors();
  cursors.keep('1', 'a');
  cursors.keep('1', 'b');
  expect(cursors.find('1')).toBe('b');
  expect(cursors.close('1')).toBe(true);
  expect(cursors.find('1')).toBeUndefined();
  expect(cursors.close('1')).toBe(false);
});

test('forgets the longest unused cursor above its limit', () => {
  const cursors = openCursors({ limit: 2 });
  cursors.keep('1', 'a');
  cursors.keep('2', 'b');
  cursors.keep('1', 'c');
  cursors.keep('3', 'd');
  expect(['1', '2', '3'].map((id) => cursors.find(id))).toEqual(['c', undefined, 'd']);
});

test('forgets a cursor that was unused for long', () => {
  let now = 0;
  const cursors = openCursors({ idleMs: 1000, clock: () => now });
  cursors.keep('1', 'a');
  now = 999;
  expect(cursors.find('1')).toBe('a');
  now = 1000;
  expect(cursors.find('1')).toBeUndefined();
});
