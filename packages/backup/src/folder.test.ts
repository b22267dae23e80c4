import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { createFolder, openBackup, removeOld } from './folder.ts';

let dir: string;
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'polyglot-notes-folder-'));
});
afterEach(() => rm(dir, { recursive: true }));

const now = new Date('2026-11-26T00:00:00Z');

async function makeBackup(name: string, manifest = 'manifest.json'): Promise<void> {
  await mkdir(join(dir, name));
  if (manifest !== '') await writeFile(join(dir, name, manifest), '');
}

test('keeps the newest backups, and everything that is no backup', async () => {
  await makeBackup('2026-11-22T00-00-00Z');
  await makeBackup('2026-11-23T00-00-00Z', 'manifest.json.age');
  await makeBackup('2026-11-24T00-00-00Z', '');
  await makeBackup('2026-11-25T00-00-00Z');
  await makeBackup('2026-11-26T00-00-00Z');
  await makeBackup('copy of 2026-11-22T00-00-00Z');
  await makeBackup('2026-11-18T00-00-00Z.unfinished');
  await makeBackup('2026-11-20T00-00-00Z.unfinished');
  await writeFile(join(dir, '2026-11-21T00-00-00Z'), '');
  expect(await removeOld(dir, 2, now)).toEqual([
    '2026-11-22T00-00-00Z',
    '2026-11-23T00-00-00Z',
    '2026-11-18T00-00-00Z.unfinished',
  ]);
  expect((await readdir(dir)).toSorted()).toEqual([
    '2026-11-20T00-00-00Z.unfinished',
    '2026-11-21T00-00-00Z',
    '2026-11-24T00-00-00Z',
    '2026-11-25T00-00-00Z',
    '2026-11-26T00-00-00Z',
    'copy of 2026-11-22T00-00-00Z',
  ]);
});

test('keeps the backup just made, also beside one whose clock was ahead', async () => {
  await makeBackup('2026-11-25T00-00-00Z');
  await makeBackup('2026-11-26T00-00-00Z');
  await makeBackup('2027-01-01T00-00-00Z');
  expect(await removeOld(dir, 2, now)).toEqual(['2026-11-25T00-00-00Z']);
  expect(await removeOld(dir, 1, now)).toEqual(['2027-01-01T00-00-00Z']);
  expect(await readdir(dir)).toEqual(['2026-11-26T00-00-00Z']);
});

test('a backup has its name only when it is whole', async () => {
  const { finish } = await createFolder(dir, now, undefined);
  const choice = { dir, backup: '2026-11-26T00-00-00Z', passphrase: undefined };
  await expect(openBackup(choice)).rejects.toThrow(/no whole backup/);
  expect(await finish('{}')).toBe(join(dir, '2026-11-26T00-00-00Z'));
  await expect(openBackup(choice)).rejects.toThrow(/is not valid/);
});

test('refuses a backup whose removal was interrupted', async () => {
  const backup = '2026-11-26T00-00-00Z.unfinished';
  await makeBackup(backup);
  await expect(openBackup({ dir, backup, passphrase: undefined })).rejects.toThrow(
    /is not a whole backup: its backup, or its removal, was interrupted/,
  );
});

test('refuses a second backup at the same time', async () => {
  await createFolder(dir, now, undefined);
  await expect(createFolder(dir, now, undefined)).rejects.toThrow(/has begun in the same second/);
});

test('refuses a backup in the second of one that is whole', async () => {
  await makeBackup('2026-11-26T00-00-00Z');
  await expect(createFolder(dir, now, undefined)).rejects.toThrow(/has begun in the same second/);
  expect(await readdir(dir)).toEqual(['2026-11-26T00-00-00Z']);
});

test('says whether the key is missing, or does not fit the passphrase', async () => {
  const { finish } = await createFolder(dir, now, 'right');
  const path = await finish('{}');
  const open = (passphrase: string) => openBackup({ dir, backup: path, passphrase });
  await expect(open('wrong')).rejects.toThrow('The passphrase is wrong, or key.age is damaged.');
  await writeFile(join(path, 'key.age'), 'damaged');
  await expect(open('right')).rejects.toThrow('The passphrase is wrong, or key.age is damaged.');
  await rm(join(path, 'key.age'));
  await expect(open('right')).rejects.toThrow('The backup is damaged: key.age is missing.');
});
