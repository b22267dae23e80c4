import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { readBackupSettings } from './config.ts';

test('refuses an empty file of the passphrase', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'polyglot-notes-passphrase-'));
  const BACKUP_PASSPHRASE_FILE = join(folder, 'passphrase');
  await writeFile(BACKUP_PASSPHRASE_FILE, '\n');
  expect(() => readBackupSettings({ BACKUP_PASSPHRASE_FILE })).toThrow(/BACKUP_PASSPHRASE_FILE: is empty/);
  await writeFile(BACKUP_PASSPHRASE_FILE, 'secret\n');
  expect(readBackupSettings({ BACKUP_PASSPHRASE_FILE })).toMatchObject({ BACKUP_PASSPHRASE: 'secret' });
  await rm(folder, { recursive: true });
});
