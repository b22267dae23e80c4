import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { z } from 'zod';
import { env, pairSecrets, readEnv } from './config.ts';
import { newSecret } from '../../testing/factories.ts';
import { StartError } from './start-error.ts';

const schema = z.object({
  PORT: env.port().default(8000),
  SECRET: env.secrets(),
  URL: env.url('http', 'https'),
});
const secret = newSecret();

test('lists all errors in one message, without values', () => {
  const read = () => readEnv(schema, { PORT: '99999', SECRET: 'short-secret', URL: '' });
  expect(read).toThrow(StartError);
  expect(read).toThrow(
    /PORT: must be a whole number from 1 to 65535\n {2}SECRET: must be at least 32.*\n {2}URL: is not set/,
  );
  expect(read).not.toThrow(/short-secret/);
});

test('treats an empty value as not set', () => {
  expect(readEnv(schema, { PORT: '', SECRET: secret, URL: 'http://a' }).PORT).toBe(8000);
});

test('accepts credentials in the URL of a mail server', () => {
  const SMTP = z.object({ URL: env.url('smtp', 'smtps') });
  const URL = 'smtps://user:secret@mail.example.com';
  expect(readEnv(SMTP, { URL })).toEqual({ URL });
});

test.each(['0', '-1', '1.5', '1e3', 'eighty', ' 80'])('refuses %p as a port', (PORT) => {
  expect(() => readEnv(schema, { PORT, SECRET: secret, URL: 'http://a' })).toThrow(/PORT/);
});

test.each([
  'localhost:3001',
  '//a',
  'ftp://a',
  'http://',
  'http:a',
  'http://a\nb',
  ' http://a',
  'http://a/\u0001',
  'http://user:secret@a',
])('refuses %p as an http URL', (URL) => {
  expect(() => readEnv(schema, { SECRET: secret, URL })).toThrow(/URL: must be a URL that starts with http/);
});

test('reads a number of workers, or as many as there are cores', () => {
  const workersOf = (WORKERS: string) => readEnv(z.object({ WORKERS: env.workers() }), { WORKERS }).WORKERS;
  expect(['1', '64', 'auto'].map(workersOf)).toEqual([1, 64, Math.min(64, availableParallelism())]);
  for (const invalid of ['0', '65', '1.5', 'AUTO', 'two'])
    expect(() => workersOf(invalid)).toThrow(/WORKERS: must be a whole number from 1 to 64, or auto/);
});

describe('a value in a file', () => {
  let folder: string;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'settings-'));
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  function fileWith(content: string): string {
    const path = join(folder, 'value');
    writeFileSync(path, content);
    return path;
  }
  const Text = z.object({ TEXT: env.text(), OTHER: env.text().optional() });

  test.each([
    ['value', 'value'],
    ['value\n', 'value'],
    ['value\r\n', 'value'],
    ['two\nlines \n\n', 'two\nlines \n'],
  ])('is its content without the last line break: %j', (content, TEXT) => {
    expect(readEnv(Text, { TEXT: '', TEXT_FILE: fileWith(content) })).toEqual({ TEXT });
  });

  test.each([
    ['is set twice', { TEXT: 'a', TEXT_FILE: '/dev/null' }, 'TEXT_FILE: is set together with TEXT'],
    ['is empty', { TEXT: 'a', OTHER_FILE: '/dev/null' }, 'OTHER_FILE: is empty'],
    ['does not exist', { TEXT_FILE: '/nowhere/value' }, 'TEXT_FILE: cannot be read (ENOENT)'],
    ['is a folder', { TEXT: 'a', OTHER_FILE: '/' }, 'OTHER_FILE: cannot be read (EISDIR)'],
  ])('is refused when it %s', (_fault, given, fault) => {
    expect(() => readEnv(Text, given)).toThrow(
      new StartError(`The settings are incomplete or invalid:\n  ${fault}`),
    );
  });

  test('is not shown when it is invalid', () => {
    const read = () => readEnv(schema, { SECRET_FILE: fileWith('short-secret'), URL: 'http://a' });
    expect(read).toThrow(/SECRET: must be at least 32 characters/);
    expect(read).not.toThrow(/short-secret/);
  });
});

describe('several secrets', () => {
  const [first, second] = [newSecret(), newSecret()];

  test.each([`${first},${second}`, ` ${first} , ${second}\n`])(
    'are separated by commas, and perhaps blanks',
    (given) => {
      expect(readEnv(schema, { SECRET: given, URL: 'http://a' }).SECRET).toEqual([first, second]);
    },
  );

  test.each([
    [`${first},`, 'must be at least 32 characters'],
    [`,${first}`, 'must be at least 32 characters'],
    [`${first},short`, 'must be at least 32 characters'],
    [`${first}\t${second}`, 'must not contain blanks'],
    [`${first},${second},${first}`, 'has the same secret twice'],
    ['x'.repeat(32), 'is a placeholder, not a secret'],
    [`${first},replace-this-by-32-random-characters`, 'is a placeholder, not a secret'],
  ])('are refused: %j %s', (SECRET, fault) => {
    expect(() => readEnv(schema, { SECRET, URL: 'http://a' })).toThrow(`\n  SECRET: ${fault}`);
  });
});

describe('the secrets of two settings', () => {
  const Pairs = z.object({ ONE: pairSecrets('a', 'b'), OTHER: pairSecrets('b', 'a') });
  const [first, second, third] = [newSecret(), newSecret(), newSecret()];

  test('may be in any order', () => {
    expect(readEnv(Pairs, { ONE: `${first},${second}`, OTHER: third })).toEqual({
      ONE: [first, second],
      OTHER: [third],
    });
  });

  test.each([
    [first, first],
    [`${first},${second}`, `${third},${second}`],
  ])('must differ', (ONE, OTHER) => {
    expect(() => readEnv(Pairs, { ONE, OTHER })).toThrow(/\n {2}OTHER: has the same secret as ONE$/);
  });
});
