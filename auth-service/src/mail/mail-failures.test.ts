import { expect, test } from '@jest/globals';
import { classifyMailFailure, MailError, MailTooOldError } from './mail-failures.ts';
import { createTokenOf } from './mailed-token.ts';

const answer = (command: string, response: string) =>
  Object.assign(new Error(`failed: ${response}`), {
    command,
    response,
    responseCode: Number(response.slice(0, 3)),
  });

test.each([
  ['RCPT TO', '550 5.1.1 ada@example.com: unknown', 'permanent'],
  ['RCPT TO', '550-5.1.1 ada@example.com: unknown', 'permanent'],
  ['RCPT TO', '550 no such user', 'permanent'],
  ['RCPT TO', '501 bad address syntax', 'permanent'],
  ['RCPT TO', '551 user not local', 'permanent'],
  ['RCPT TO', '553 not a mailbox', 'permanent'],
  ['RCPT TO', '550 5.2.1 mailbox disabled', 'permanent'],
  ['RCPT TO', '550 5.4.1 address rejected', 'permanent'],
  ['DATA', '552 too large', 'permanent'],
  ['DATA', '554 5.6.0 malformed, see https://a.b/reset-password#token=secret', 'permanent'],
  ['RCPT TO', '550 5.1.8 sender has no domain', 'alarming'],
  ['RCPT TO', '554 5.7.1 ada@example.com: relay access denied', 'alarming'],
  ['RCPT TO', '550 4 of 5.1.1 quota used', 'permanent'],
  ['RCPT TO', '552 5.2.2 mailbox full', 'alarming'],
  ['RCPT TO', '554 no', 'alarming'],
  ['DATA', '554 5.7.1 https://a.b/reset-password#token=secret', 'alarming'],
  ['DATA', '550 5.4.5 daily quota exceeded', 'alarming'],
  ['MAIL FROM', '550 5.1.0 sender rejected', 'alarming'],
  ['MAIL FROM', '530 5.7.0 authentication required', 'alarming'],
  ['AUTH PLAIN', '535 5.7.8 bad credentials', 'alarming'],
  ['CONN', '554 no service', 'alarming'],
  ['RCPT TO', '451 4.7.1 greylisted', 'expected'],
  ['DATA', '452 full', 'expected'],
])('an answer to %s, %s, is %s; its text is not repeated', (command, response, expected) => {
  const failure = classifyMailFailure(new MailError(answer(command, response), false));
  expect(failure).toMatchObject({
    isPermanent: expected === 'permanent',
    isExpected: expected === 'expected',
    publicReason: expect.stringMatching(
      new RegExp(`^the mail server answered ${response.slice(0, 3)}[ .\\d]* to ${command}$`),
    ),
  });
  expect(JSON.stringify([failure, String(failure.cause)])).not.toMatch(/secret|ada@/);
});

const withCode = (code: string, message = code, command = 'CONN') =>
  Object.assign(new Error(message), { code, command });

test.each([
  [withCode('ESOCKET'), false, true, 'the mail server cannot be reached: ESOCKET'],
  [withCode('ETIMEDOUT'), false, true, 'the mail server did not accept the mail in time'],
  [withCode('EABORT'), false, true, 'the mail server did not accept the mail in time'],
  [withCode('EENVELOPE', 'Invalid recipient "a@b\r"', 'API'), true, false, 'the address is not valid'],
  [
    withCode('EENVELOPE', 'all recipients were rejected: xyz', 'RCPT TO'),
    false,
    false,
    'the answer of the mail server is not valid',
  ],
  [new TypeError('x is not a function'), false, false, 'internal error'],
])('without an answer, %s is permanent: %s, and expected: %s', (cause, isPermanent, isExpected, reason) => {
  const expected = { isPermanent, isExpected, publicReason: reason };
  expect(classifyMailFailure(new MailError(cause, false))).toMatchObject(expected);
});

test('a mail that is too old is parked with the last fault', () => {
  const fault = new MailError(withCode('ESOCKET'), false);
  expect(classifyMailFailure(new MailTooOldError(24, fault))).toMatchObject({
    isPermanent: true,
    publicReason: 'not sent within 24 hours: the mail server cannot be reached: ESOCKET',
  });
});

test('the token of a mail depends on its id and on the key', () => {
  const [one, other] = [createTokenOf(Buffer.alloc(32, 1)), createTokenOf(Buffer.alloc(32, 2))];
  expect(one('a')).toMatch(/^[\w-]{43}$/);
  expect(one('a')).toBe(createTokenOf(Buffer.alloc(32, 1))('a'));
  expect(new Set([one('a'), one('b'), other('a')]).size).toBe(3);
});
