import { expect, test } from '@jest/globals';
import { Settings } from '../config.ts';
import { createLinks } from './links.ts';

const { PUBLIC_URL, RESET_PASSWORD_URL, VERIFY_EMAIL_URL, CHANGE_EMAIL_URL } = Settings.shape;
const LinkSettings = Settings.pick({
  PUBLIC_URL: true,
  RESET_PASSWORD_URL: true,
  VERIFY_EMAIL_URL: true,
  CHANGE_EMAIL_URL: true,
});

const linksWith = (settings: Record<string, string>) => {
  const { resetPassword, verifyEmail, changeEmail } = createLinks(LinkSettings.parse(settings));
  return [resetPassword('t'), verifyEmail('t'), changeEmail('t')];
};

test('links lead to the pages of the gateway, also below a path', () => {
  expect(linksWith({ PUBLIC_URL: 'https://example.com/notes/' })).toEqual([
    'https://example.com/notes/reset-password#token=t',
    'https://example.com/notes/verify-email#token=t',
    'https://example.com/notes/change-email#token=t',
  ]);
});

test('links lead to pages of your own, each by its setting', () => {
  expect(
    linksWith({
      PUBLIC_URL: 'https://api.example.com',
      RESET_PASSWORD_URL: 'https://app.example.com/password?lang=en',
      CHANGE_EMAIL_URL: 'http://127.0.0.1:5173/email/',
    }),
  ).toEqual([
    'https://app.example.com/password?lang=en#token=t',
    'https://api.example.com/verify-email#token=t',
    'http://127.0.0.1:5173/email/#token=t',
  ]);
});

test.each([
  'app.example.com',
  'javascript:alert(1)',
  'ftp://example.com/',
  'https://app.example.com/#/reset',
  'https://app.example.com/#',
  'https://ada:secret@app.example.com/',
  'https://app.example.com\n',
])('a setting refuses a value that no link can be made of: %s', (value) => {
  for (const setting of [PUBLIC_URL, RESET_PASSWORD_URL, VERIFY_EMAIL_URL, CHANGE_EMAIL_URL])
    expect(setting.safeParse(value).success).toBe(false);
});

test('PUBLIC_URL refuses a query, which would come before the path of the page', () => {
  expect(PUBLIC_URL.safeParse('https://example.com/?a=1').success).toBe(false);
});
