import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { forgetPreviousEncryptionKey, loadSecrets, makeSecrets, replaceEncryptionKey } from './secrets.ts';

let stateDir: string;
beforeEach(() => {
  stateDir = mkdtempSync(join(tmpdir(), 'secrets-'));
});
afterEach(() => rmSync(stateDir, { recursive: true }));

const path = () => join(stateDir, 'secrets.json');
const keep = (secrets: object) => writeFileSync(path(), JSON.stringify(secrets));

test('refuses a file without a secret that protects data', () => {
  const { KEY_ENCRYPTION_KEY: _, ...rest } = makeSecrets();
  keep(rest);
  expect(() => loadSecrets(stateDir)).toThrow(/secrets.json cannot be read any more/);
});

test('generates secrets once', () => {
  expect(loadSecrets(stateDir)).toEqual(loadSecrets(stateDir));
});

test('adds the secrets that an older version did not have, and keeps them', () => {
  const { USER_TO_NOTES_SECRET: _, ...older } = makeSecrets();
  keep(older);
  const secrets = loadSecrets(stateDir);
  expect(secrets).toEqual({ ...older, USER_TO_NOTES_SECRET: expect.stringMatching(/^.{43}$/) });
  expect(JSON.parse(readFileSync(path(), 'utf8'))).toEqual(secrets);
});

test('does not write a file that has every secret', () => {
  loadSecrets(stateDir);
  const { ino } = statSync(path());
  loadSecrets(stateDir);
  expect(statSync(path()).ino).toBe(ino);
});

test('replaces the encryption key once, and keeps the previous one until it is forgotten', () => {
  const { KEY_ENCRYPTION_KEY: first } = loadSecrets(stateDir);
  const replaced = replaceEncryptionKey(stateDir);
  expect(replaced.KEY_ENCRYPTION_KEY_PREVIOUS).toBe(first);
  expect(Buffer.from(replaced.KEY_ENCRYPTION_KEY, 'base64')).toHaveLength(32);
  expect(replaced.KEY_ENCRYPTION_KEY).not.toBe(first);
  expect(replaceEncryptionKey(stateDir)).toEqual(replaced);
  expect(loadSecrets(stateDir)).toEqual(replaced);
  forgetPreviousEncryptionKey(stateDir);
  const { KEY_ENCRYPTION_KEY_PREVIOUS: _, ...rest } = replaced;
  expect(loadSecrets(stateDir)).toEqual(rest);
});
