import { expect, test } from '@jest/globals';

const { explain } = (await import(new URL('./files/words.js', import.meta.url).href)) as {
  explain: (problem: object) => { invalidLink?: boolean; field?: string; text?: string };
};

const refused = (path: string, code: string) => ({
  status: 400,
  code: 'validation_failed',
  errors: [{ path, code, message: 'must be another one' }],
});
const atPassword = (code: string) => refused('body.password', code);

test.each([
  ['password', 'Use 8 to 72 characters.', atPassword('password_length')],
  ['password', 'This is one of the most common passwords.', atPassword('password_common')],
  ['password', 'Your email or your username cannot be the password.', atPassword('password_personal')],
  ['password', 'The password must be another one.', atPassword('a_rule_of_tomorrow')],
  ['password', 'This is your current password.', { status: 400, code: 'password_unchanged' }],
  ['email', 'This is not an email address.', refused('body.email', 'invalid_format')],
])('says at the input %s: %s', (field, words, problem) => {
  expect(explain(problem)).toEqual({ field, text: expect.stringContaining(words) });
});

test.each([
  [{ status: 400, code: 'invalid_reset_token' }],
  [{ status: 400, code: 'invalid_verification_token' }],
  [{ status: 404 }],
  [refused('body.token', 'too_big')],
  [refused('params.token', 'too_big')],
])('takes %j for a link that does not work', (problem) => {
  expect(explain(problem)).toEqual({ invalidLink: true });
});

test.each([
  ['There was no answer. Check your connection', { code: 'no_answer' }],
  ['Another account uses this email.', { status: 409, code: 'email_taken' }],
  ['This account is deactivated.', { status: 403, code: 'account_deactivated' }],
  ['Try again in 1 second.', { status: 429, code: 'rate_limited', retryAfter: 1 }],
  ['Try again in 40 seconds.', { status: 429, code: 'rate_limited', retryAfter: 40 }],
  ['Try again in 60 minutes.', { status: 429, code: 'rate_limited', retryAfter: 3_541 }],
  ['Try again in a minute.', { status: 429, code: 'rate_limited', retryAfter: 0 }],
  ['The service is unavailable. Try again in 5 seconds.', { status: 503, retryAfter: 5 }],
  ['The service is unavailable. Try again in a minute.', { status: 502, retryAfter: Number.NaN }],
  ['this number: request-12345.', { status: 418, code: 'a_code_of_tomorrow', requestId: 'request-12345' }],
  ['this number: 415.', { status: 415 }],
])('says %j', (words, problem) => {
  expect(explain(problem)).toEqual({ text: expect.stringContaining(words) });
});

test.each([{ code: 'no_answer' }, { status: 500 }, { status: 502 }, { status: 503 }, { status: 504 }])(
  'says for %j that the change may have been made',
  (problem) => {
    expect(explain(problem).text).toMatch(
      /If the link does not work then, the change was made the first time\.$/,
    );
  },
);
