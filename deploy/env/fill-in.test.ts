import { readFileSync } from 'node:fs';
import { parseEnv } from 'node:util';
import { describe, expect, test } from '@jest/globals';
import { faults } from './faults.ts';
import { fillIn } from './fill-in.ts';
import { faultOf, generatedNames } from './secrets.ts';

const example = readFileSync(new URL('../../.env.example', import.meta.url), 'utf8');

describe('a new .env', () => {
  test('has all secrets, all different, and is otherwise the same as .env.example', () => {
    const { text, filled } = fillIn(example);
    const values = parseEnv(text);
    expect(filled).toEqual([...generatedNames]);
    expect(generatedNames.map((name) => faultOf(name, values[name]))).toEqual(
      generatedNames.map(() => undefined),
    );
    expect(new Set(generatedNames.map((name) => values[name])).size).toBe(generatedNames.length);
    const emptied = text.replaceAll(new RegExp(`^(${generatedNames.join('|')})=.*$`, 'gm'), '$1=');
    expect(emptied).toBe(example);
  });

  test('never has a secret that is refused, in 1,000 tries', () => {
    for (let round = 0; round < 1_000; round++) {
      const values = parseEnv(fillIn('').text);
      expect(generatedNames.flatMap((name) => faultOf(name, values[name]) ?? [])).toEqual([]);
    }
  });
});

describe('an existing .env', () => {
  test('does not change if nothing is missing', () => {
    const { text } = fillIn(example);
    expect(fillIn(text)).toEqual({ text, filled: [] });
  });

  test('keeps its values, and gets missing secrets at its end', () => {
    const before = `GATEWAY_PORT=8080\nADMIN_PASSWORD='an old # horse'\nPOSTGRES_PASSWORD=kept`;
    const { text, filled } = fillIn(before);
    expect(text.startsWith(`${before}\n`)).toBe(true);
    expect(filled).toEqual(
      generatedNames.filter((name) => !['ADMIN_PASSWORD', 'POSTGRES_PASSWORD'].includes(name)),
    );
  });

  test.each(['POSTGRES_PASSWORD=""', "POSTGRES_PASSWORD=''", 'POSTGRES_PASSWORD= ', 'POSTGRES_PASSWORD=\r'])(
    'gets a value for an empty secret: %j',
    (line) => {
      const { text } = fillIn(`A=1\n${line}\nB=2\n`);
      expect(parseEnv(text)).toMatchObject({ A: '1', POSTGRES_PASSWORD: expect.stringMatching(/^.{43}$/) });
      expect(text.match(/^POSTGRES_PASSWORD/gm)).toHaveLength(1);
    },
  );
});

describe('the email of the first admin', () => {
  const secrets = parseEnv(fillIn(example).text);

  test.each([
    ['ops&alerts@example.xn--p1ai', []],
    ['ops@localhost', ['  ADMIN_EMAIL must be an email address']],
    [`${'a'.repeat(65)}@example.com`, ['  ADMIN_EMAIL must be an email address']],
    [`ops@${'a'.repeat(64)}.com`, ['  ADMIN_EMAIL must be an email address']],
    ['ops..alerts@example.com', ['  ADMIN_EMAIL must be an email address']],
    [undefined, ['  ADMIN_EMAIL must be an email address']],
  ])('%s: %j', (email, lines) => {
    expect(faults({ ...secrets, ADMIN_EMAIL: email })).toEqual(lines);
  });
});

describe('a mail server', () => {
  const values = { ...parseEnv(fillIn(example).text) };
  const missing = ['  SMTP_URL must be a mail server, because PUBLIC_URL is not on this machine'];

  test.each([
    [undefined, []],
    ['http://127.0.0.1:8000', []],
    ['https://localhost', []],
    ['http://[::1]:8000', []],
    ['http://notes.localhost', []],
    ['https://notes.example.com', missing],
    ['http://192.168.1.7:8000', missing],
    ['http://localhost.example.com', missing],
  ])('is needed with the address %s: %j', (PUBLIC_URL, lines) => {
    expect(faults({ ...values, PUBLIC_URL })).toEqual(lines);
    expect(faults({ ...values, PUBLIC_URL, SMTP_URL: 'smtps://mail.example.com' })).toEqual([]);
  });
});

describe('a secret', () => {
  test('is that of one setting only', () => {
    const values = parseEnv(fillIn(example).text);
    const { AUTH_TO_USER_SECRET: secret } = values;
    expect(faults({ ...values, USER_TO_NOTES_SECRET: secret })).toEqual([
      '  USER_TO_NOTES_SECRET has the same secret as AUTH_TO_USER_SECRET',
    ]);
  });

  test.each([
    ['POSTGRES_PASSWORD', undefined, 'is not set'],
    ['POSTGRES_PASSWORD', '', 'is not set'],
    ['POSTGRES_PASSWORD', 'changeme', 'is a placeholder, not a secret'],
    [
      'USER_TO_AUTH_SECRET',
      'replace-this-by-at-least-32-random-characters',
      'is a placeholder, not a secret',
    ],
    ['USER_TO_AUTH_SECRET', 'x'.repeat(40), 'is a placeholder, not a secret'],
    ['KEY_ENCRYPTION_KEY', 'A'.repeat(43), 'is a placeholder, not a secret'],
    ['KEY_ENCRYPTION_KEY', 'correct horse battery staple', 'must be 32 bytes in base64'],
    ['ADMIN_PASSWORD', 'change-me', 'is a placeholder, not a secret'],
    ['ADMIN_PASSWORD', 'Password123', 'is a placeholder, not a secret'],
    ['ADMIN_PASSWORD', 'horse', 'must have at least 8 characters'],
    ['ADMIN_PASSWORD', 'my secret garden of 1911', undefined],
    ['ADMIN_PASSWORD', 'correct horse', undefined],
    ['MONGO_ROOT_PASSWORD', 'Tr0ub4dor&3/9f8e7d6c5b4a39281706', 'may have letters, digits, - and _ only'],
    ['USER_TO_AUTH_SECRET', 'Tr0ub4dor-3_9f8e7d6c5b4a39281706,Xr0ub4dor-3_9f8e7d6c5b4a39281706', undefined],
    [
      'USER_TO_AUTH_SECRET',
      'Tr0ub4dor-3_9f8e7d6c5b4a39281706,',
      'must be at least 32 characters, or several such secrets separated by commas',
    ],
    [
      'USER_TO_AUTH_SECRET',
      'Tr0ub4dor-3_9f8e7d6c5b4a39281706,Tr0ub4dor-3_9f8e7d6c5b4a39281706',
      'has the same secret twice',
    ],
    ['USER_TO_AUTH_SECRET', 'Tr0ub4dor-3_9f8e7d6c 5b4a39281706', 'must not contain blanks'],
    ['USER_TO_AUTH_SECRET', 'Tr0ub4dor-3_9f8e7d6c5b4a39281706 ', 'may have letters, digits, - and _ only'],
    ['USER_TO_AUTH_SECRET', 'Tr0ub4dor&3/9f8e7d6c5b4a39281706', 'may have letters, digits, - and _ only'],
    [
      'MONGO_ROOT_PASSWORD',
      'Tr0ub4dor-3_9f8e7d6c5b4a39281706,Xr0ub4dor-3_9f8e7d6c5b4a39281706',
      'may have letters, digits, - and _ only',
    ],
    ['MONGO_ROOT_PASSWORD', 'Tr0ub4dor-3', 'must have at least 32 characters'],
    ['MONGO_ROOT_PASSWORD', 'Tr0ub4dor-3_9f8e7d6c5b4a39281706', undefined],
  ] as const)('%s %j: %s', (name, value, fault) => {
    expect(faultOf(name, value)).toBe(fault);
  });
});
