import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { lstat, mkdtemp, readlink, realpath, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { serverUser } from '../src/servers/user.ts';
import { databaseFolder } from '../src/servers/state-folders.ts';

let state: string;
const made = new Set<string>();

beforeEach(async () => {
  state = await mkdtemp(join(await realpath(tmpdir()), 'state-'));
});
afterEach(async () => {
  for (const folder of [...made, state]) await rm(folder, { recursive: true, force: true });
});

async function folderOf(stateDir: string): Promise<string> {
  const folder = await databaseFolder(stateDir);
  made.add(folder);
  return folder;
}

test('the folder is the same at every start', async () => {
  const folder = await folderOf(join(state, 'deep/.local'));
  await writeFile(join(folder, 'file'), '');
  expect(await folderOf(join(state, 'deep/.local'))).toBe(folder);
  expect((await lstat(join(folder, 'file'))).isFile()).toBe(true);
});

test('the folder is at data, and open to its owner only', async () => {
  const folder = await folderOf(state);
  expect(await realpath(join(state, 'data'))).toBe(folder);
  expect((await stat(folder)).mode & 0o777).toBe(0o700);
});

test('for root the folder is where the account of the databases can enter', async () => {
  const user = serverUser();
  if (!user) return; // anybody else keeps it in the clone
  const folder = await folderOf(state);
  expect(await readlink(join(state, 'data'))).toBe(folder);
  expect(folder).toMatch(/^\/var\/lib\/polyglot-notes\//);
  expect((await stat(folder)).uid).toBe(user.uid);
});

test('a link without its folder is replaced', async () => {
  await symlink(join(state, 'nowhere'), join(state, 'data'));
  const folder = await folderOf(state);
  expect((await stat(folder)).isDirectory()).toBe(true);
  expect(await realpath(join(state, 'data'))).toBe(folder);
});
