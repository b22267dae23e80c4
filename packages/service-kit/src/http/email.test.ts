import { describe, expect, test } from '@jest/globals';
import { Email } from './email.ts';

const label = (length: number) => 'a'.repeat(length);

describe('an email', () => {
  test.each([
    'user@example.xn--p1ai',
    'user@xn--80ak6aa92e.com',
    'sales&support@example.com',
    "o'brien@x.ie",
    'ada+notes@example.com',
    "!#$%&'*+/=?^_`{|}~-@example.com",
    'a.b.c@sub.example.co.uk',
    'ada@example.international',
    'ada@1and1.com',
    'ada@127.example',
    `${label(64)}@example.com`,
    `ada@${label(63)}.com`,
    `${label(64)}@${label(63)}.${label(63)}.${label(58)}.io`,
  ])('may be %s', (email) => {
    expect(Email.safeParse(email)).toEqual({ success: true, data: email });
  });

  test('is trimmed and compared in lower case', () => {
    expect(Email.parse('  Ada@Example.COM\n')).toBe('ada@example.com');
  });

  test.each([
    ['nothing before the @', '@example.com'],
    ['65 characters before the @', `${label(65)}@example.com`],
    ['a label of 64 characters', `ada@${label(64)}.com`],
    ['255 characters', `${label(64)}@${label(63)}.${label(63)}.${label(59)}.io`],
    ['two dots in a row', 'a..b@example.com'],
    ['a dot at the start', '.a@example.com'],
    ['a dot before the @', 'a.@example.com'],
    ['a blank', 'a b@example.com'],
    ['a line break', 'a\nb@example.com'],
    ['an encoded word', '=?utf-8?q?victim?=@example.com'],
    ['two @', 'a@b@example.com'],
    ['a quoted local part', '"a b"@example.com'],
    ['a comment', 'a(b)@example.com'],
    ['a name', 'Ada <ada@example.com>'],
    ['two addresses', 'a@example.com,b@example.com'],
    ['a domain without a dot', 'ada@localhost'],
    ['a label that starts with a hyphen', 'ada@-example.com'],
    ['a label that ends with a hyphen', 'ada@example-.com'],
    ['a domain that ends with a hyphen', 'ada@example.com-'],
    ['a domain that ends with a dot', 'ada@example.com.'],
    ['an empty label', 'ada@example..com'],
    ['an underscore in the domain', 'ada@exa_mple.com'],
    ['an IPv4 address', 'ada@127.0.0.1'],
    ['an IP literal', 'ada@[127.0.0.1]'],
    ['a top-level domain of one letter', 'ada@example.c'],
    ['a top-level domain of digits', 'ada@example.123'],
    ['letters beyond ASCII before the @', 'adä@example.com'],
    ['a domain that is not in punycode', 'ada@пример.рф'],
    ['a letter that only looks like K', '\u212a@example.com'],
    ['a NUL character', 'a\0@example.com'],
    ['a megabyte', `${'a.'.repeat(500_000)}@example.com`],
  ])('may not have %s', (_what, email) => {
    expect(Email.safeParse(email).error?.issues).toHaveLength(1);
  });
});
