import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from '@jest/globals';
import { readEnvFile, settingNames } from './env-file.ts';
import { unknownSettings } from './settings.ts';

const folder = mkdtempSync(join(tmpdir(), 'polyglot-notes-env-'));
const path = join(folder, '.env');
afterAll(() => rmSync(folder, { recursive: true }));

test('treats a missing file as empty', () => {
  expect(readEnvFile(join(folder, 'none'))).toEqual({});
});

test('reads assignments, and skips blanks and comments', () => {
  writeFileSync(path, '# a comment\n\nGATEWAY_PORT=8001\r\nexport HOST = "0.0.0.0"\n');
  expect(readEnvFile(path)).toEqual({ GATEWAY_PORT: '8001', HOST: '0.0.0.0' });
});

test('names the line that is not an assignment', () => {
  writeFileSync(path, 'GATEWAY_PORT=8001\nGATEWAY_PORT 8001\n');
  expect(() => readEnvFile(path)).toThrow(/\.env, line 2 is not of the form NAME=value/);
});

test('lists the names that are not settings', () => {
  const documented = settingNames(readFileSync(new URL('../../../../.env.example', import.meta.url), 'utf8'));
  expect(unknownSettings(['GATEWAY_PORT', 'GATEWAY_PROT', 'LOG_LEVEL'], documented)).toEqual([
    'GATEWAY_PROT',
  ]);
  expect(unknownSettings(['AUTH_DATABASE', 'KEY_ENCRYPTION_KEY', 'SMTP_URL'], documented)).toEqual([]);
  const files = ['ADMIN_PASSWORD_FILE', 'BACKUP_PASSPHRASE_FILE', 'SMTP_URL_FILE'];
  // Services do not get the settings in files.
  expect(unknownSettings(files, documented)).toEqual(['SMTP_URL_FILE']);
});
