import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { loadSecrets, makeSecrets } from './secrets.ts';

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
