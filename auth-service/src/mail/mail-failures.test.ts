import { expect, test } from '@jest/globals';
import { classifyMailFailure } from './mail-failures.ts';
import { createTokenOf } from './mailed-token.ts';

const answer = (command: string, response: string) =>
  Object.assign(new Error(`failed: ${response}`), {
    command,
    response,
    responseCode: Number(response.slice(0, 3)),
  });

test.each([
  ['RCPT TO', '550 5.1.1 ada@example.com: unknown', true, 'the mail server answered 550 5.1.1 to RCPT TO'],
  [
    'DATA',
    '554 5.7.1 https://a.b/reset-password#token=secret',
    true,
    'the mail server answered 554 5.7.1 to DATA',
  ],
  ['RCPT TO', '451 4.7.1 greylisted', false, 'the mail server answered 451 4.7.1 to RCPT TO'],
  ['DATA', '452 full', false, 'the mail server answered 452 to DATA'],
  [
    'MAIL FROM',
    '530 5.7.0 authentication required',
    false,
    'the mail server answered 530 5.7.0 to MAIL FROM',
  ],
  ['AUTH PLAIN', '535 5.7.8 bad credentials', false, 'the mail server answered 535 5.7.8 to AUTH PLAIN'],
  ['CONN', '554 no service', false, 'the mail server answered 554 to CONN'],
])(
  'an answer to %s, %s, is permanent: %s; its text is not repeated',
  (command, response, isPermanent, reason) => {
    const failure = classifyMailFailure(answer(command, response));
    expect(failure).toMatchObject({ isPermanent, publicReason: reason });
    expect(JSON.stringify([failure, String(failure.cause)])).not.toMatch(/secret|ada@/);
  },
);

test('a mail server that cannot be reached is not a permanent refusal', () => {
  const error = Object.assign(new Error('connect ECONNREFUSED'), { code: 'ESOCKET', command: 'CONN' });
  expect(classifyMailFailure(error)).toMatchObject({
    isPermanent: false,
    isExpected: true,
    publicReason: 'the mail server cannot be reached: ESOCKET',
  });
});

test('the token of a mail depends on its id and on the key', () => {
  const [one, other] = [createTokenOf(Buffer.alloc(32, 1)), createTokenOf(Buffer.alloc(32, 2))];
  expect(one('a')).toMatch(/^[\w-]{43}$/);
  expect(one('a')).toBe(createTokenOf(Buffer.alloc(32, 1))('a'));
  expect(new Set([one('a'), one('b'), other('a')]).size).toBe(3);
});
