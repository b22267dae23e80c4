import { expect, test } from '@jest/globals';
import { parseKeysArguments } from './keys-arguments.ts';

test.each([
  ['list', { command: 'list' }],
  ['rotate', { command: 'rotate', isNow: false }],
  ['rotate --now', { command: 'rotate', isNow: true }],
  ['retire abc', { command: 'retire', kid: 'abc', isNow: false }],
  ['retire --now abc', { command: 'retire', kid: 'abc', isNow: true }],
  ['retire -a_b --now', { command: 'retire', kid: '-a_b', isNow: true }],
  ['reseal', { command: 'reseal' }],
  ['', undefined],
  ['remove', undefined],
  ['list abc', undefined],
  ['list --now', undefined],
  ['rotate abc', undefined],
  ['rotate --later', undefined],
  ['retire', undefined],
  ['retire --now', undefined],
  ['retire abc def', undefined],
  ['reseal --now', undefined],
])('the arguments %j', (line, parsed) => {
  expect(parseKeysArguments(line.split(' ').filter((word) => word !== ''))).toEqual(parsed);
});
