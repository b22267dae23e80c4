import { availableParallelism } from 'node:os';
import { expect, test } from '@jest/globals';
import { z } from 'zod';
import { env, readEnv } from './config.ts';
import { StartError } from './start-error.ts';

const schema = z.object({
  PORT: env.port().default(8000),
  SECRET: env.secret(),
  URL: env.url('http', 'https'),
});
const secret = 'x'.repeat(32);

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
