import { describe, expect, test } from '@jest/globals';
import { isPersonal, NewPassword } from './password-rules.ts';

const codeOf = (password: string): unknown => {
  const [issue] = NewPassword.safeParse(password).error?.issues ?? [];
  return issue?.code === 'custom' ? issue.params?.['code'] : issue?.message;
};

/** Characters that are shifted by `offset` from the ASCII letters and digits that they look like. */
const fullwidth = (text: string) =>
  text.replaceAll(/[!-~]/g, (c) => String.fromCodePoint(c.charCodeAt(0) + 0xfee0));
const mathematical = (text: string) =>
  text.replaceAll(/[a-z]/g, (c) => String.fromCodePoint(c.charCodeAt(0) - 0x61 + 0x1d41a));

describe('a new password', () => {
  test.each([
    ['a blank after it', 'password123 '],
    ['a blank before it', '\tpassword123'],
    ['blanks in it', 'p a s s w o r d'],
    ['an ideographic space after it', 'password123\u3000'],
    ['a zero-width space in it', 'pass\u200bword123'],
    ['a soft hyphen in it', 'pass\u00adword123'],
    ['a Hangul filler after it', 'password123\u3164'],
    ['a Braille blank after it', 'password123\u2800'],
    ['a variation selector after it', 'password123\ufe0f'],
    ['a control character in it', 'password\u0001123'],
    ['fullwidth letters', fullwidth('password123')],
    ['mathematical letters', mathematical('password') + '123'],
    ['circled letters', 'ⓟⓐⓢⓢⓦⓞⓡⓓ'],
    ['upper case', 'PASSWORD123'],
    ['the Kelvin sign', '\u212aEYBOARD'],
    ['nothing visible', ' \u3000\u200b\u2800'.repeat(2)],
  ])('is not a common one with %s', (_disguise, password) => {
    expect(codeOf(password)).toBe('password_common');
  });

  test.each([
    'correct horse',
    'señor-café-1',
    'パスワードは長い方が',
    'p@ssw0rd but longer',
    ' a b c d e f ',
  ])('may be %j', (password) => {
    expect(NewPassword.safeParse(password)).toEqual({ success: true, data: password });
  });

  test.each([
    ['counts a composed letter as one character', 'a\u0301'.repeat(7), 'password_length'],
    ['counts the bytes of the composed form', 'a\u0301'.repeat(36), undefined],
    ['counts the bytes of the composed form also beyond the limit', 'a\u0301'.repeat(37), 'password_length'],
    ['counts a wide space as one byte', `${'x'.repeat(71)}\u3000`, undefined],
  ])('%s', (_rule, password, code) => {
    expect(codeOf(password)).toBe(code);
  });
});

describe('a password that is personal', () => {
  const account = { email: 'ada.lovelace+notes@example.com', username: 'Ada-L.1815' };

  test.each([
    ['the email', 'ADA.lovelace+notes@EXAMPLE.com'],
    ['the email between blanks', ' ada.lovelace+notes@example.com\u00a0'],
    ['the local part and a blank', 'ada.lovelace+notes '],
    ['the local part without its tag', 'ada.lovelace'],
    ['the local part in fullwidth letters', fullwidth('ada.lovelace')],
    ['the username with a zero-width joiner', 'ada-l\u200d.1815'],
    ['the username in mathematical letters', mathematical('ada') + '-L.1815'],
  ])('is %s', (_what, password) => {
    expect(isPersonal(password, account)).toBe(true);
  });

  test('is the username that is made from the email', () => {
    expect(isPersonal('marymwwr0', { email: 'mary!mwwr0@example.com' })).toBe(true);
  });

  test('is not one that only contains the name', () => {
    expect(isPersonal('ada.lovelace and more', account)).toBe(false);
    expect(isPersonal('analytical engine', { email: '+@example.com' })).toBe(false);
  });
});
