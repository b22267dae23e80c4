import { expect, test } from '@jest/globals';
import { tokenSource } from './mailed-tokens.ts';

const now = new Date(1_000_000);
const token = (
  mailId: string | undefined,
  { lives = true, email = undefined as string | undefined } = {},
) => ({
  hash: `hash of ${mailId}`,
  expiresAt: new Date(now.getTime() + (lives ? 1 : 0)),
  ...(mailId !== undefined && { mailId }),
  ...(email !== undefined && { email }),
});

test.each([
  ['no other is valid', [], 'mine'],
  ['one other is valid', [token('a')], 'mine'],
  ['of two others one is expired', [token('a', { lives: false }), token('b')], 'mine'],
  ['two others are valid', [token('a'), token('b')], 'b'],
  ['two others are valid, and it was sent before', [token('mine'), token('b')], 'mine'],
  ['the newest one is for another email', [token('a'), token('b', { email: 'b@example.com' })], 'mine'],
  ['the newest one was not mailed', [token('a'), token(undefined)], 'mine'],
])('the token of a mail when %s', (_when, stored, expected) => {
  expect(tokenSource(stored, { id: 'mine', to: 'a@example.com' }, now)).toBe(expected);
});
