import { randomBytes } from 'node:crypto';
import { expect, test } from '@jest/globals';
import { seal, unseal, unsealWithAny } from './sealing.ts';

const key = randomBytes(32);
const sealed = seal('a secret', key, 'label');
const [iv = '', tag = '', body = ''] = sealed.split('.');
const changed = (part: string) => (part.startsWith('A') ? `B${part.slice(1)}` : `A${part.slice(1)}`);

test('opens what was sealed, which is never sealed twice alike', () => {
  expect(unseal(sealed, key, 'label')).toBe('a secret');
  expect(seal('a secret', key, 'label')).not.toBe(sealed);
});

test.each([
  ['another key', sealed, randomBytes(32), 'label'],
  ['another label', sealed, key, 'other'],
  ['a changed iv', [changed(iv), tag, body].join('.'), key, 'label'],
  ['a changed tag', [iv, changed(tag), body].join('.'), key, 'label'],
  ['a changed body', [iv, tag, changed(body)].join('.'), key, 'label'],
  ['a tag cut short', [iv, tag.slice(0, 6), body].join('.'), key, 'label'],
  ['no sealed text', 'nonsense', key, 'label'],
])('does not open with %s', (_what, text, withKey, label) => {
  expect(() => unseal(text, withKey, label)).toThrow(/authenticat|not a sealed text/);
});

test.each([
  ['the current key', { current: key, previous: undefined }, 'current'],
  ['the previous key', { current: randomBytes(32), previous: key }, 'previous'],
  ['neither key', { current: randomBytes(32), previous: randomBytes(32) }, undefined],
])('reports what was sealed with %s', (_what, keys, sealedWith) => {
  expect(unsealWithAny(sealed, keys, 'label')?.sealedWith).toBe(sealedWith);
});
