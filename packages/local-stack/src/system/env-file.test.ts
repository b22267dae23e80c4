import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from '@jest/globals';
import { readEnvFile, settingNames } from './env-file.ts';
import { remarksOn } from './settings.ts';

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

describe('a remark', () => {
  const documented = settingNames(readFileSync(new URL('../../../../.env.example', import.meta.url), 'utf8'));
  const remarks = (...names: string[]) =>
    remarksOn(Object.fromEntries(names.map((name) => [name, 'value'])), {}, documented);

  test('names each name that is no setting', () => {
    expect(remarks('GATEWAY_PORT', 'GATEWAY_PROT', 'LOG_LEVEL')).toEqual([
      'GATEWAY_PROT in .env is no setting known here: is it misspelt?',
    ]);
    expect(remarks('AUTH_DATABASE', 'KEY_ENCRYPTION_KEY')).toEqual([]);
    // Services do not get the settings in files.
    expect(remarks('ADMIN_PASSWORD_FILE', 'BACKUP_PASSPHRASE_FILE', 'SMTP_URL_FILE')).toEqual([
      'SMTP_URL_FILE in .env is no setting known here: is it misspelt?',
    ]);
  });

  test('names the settings that only docker compose uses', () => {
    expect(remarks('SMTP_URL', 'GATEWAY_PORT', 'SHUTDOWN_DELAY_MS')).toEqual([
      'Only docker compose uses these settings: SHUTDOWN_DELAY_MS, SMTP_URL',
    ]);
    expect(remarksOn({ SHUTDOWN_DELAY_MS: '' }, {}, documented)).toEqual([]);
    expect(remarksOn({}, { SMTP_URL: 'smtp://mail.example.com', PATH: '/bin' }, documented)).toEqual([
      'Only docker compose uses these settings: SMTP_URL',
    ]);
  });
});
