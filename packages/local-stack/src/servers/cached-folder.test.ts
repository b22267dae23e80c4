import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { cachedFolder } from './cached-folder.ts';

let parent: string;
beforeEach(async () => {
  parent = await mkdtemp(join(tmpdir(), 'cached-'));
});
afterEach(() => rm(parent, { recursive: true }));

const build = (folder: string) => writeFile(join(folder, 'content'), '');

async function failing(folder: string): Promise<void> {
  await build(folder);
  throw new Error('disk full');
}

test('builds a folder once', async () => {
  let built = 0;
  const counting = async (folder: string) => {
    built++;
    await build(folder);
  };
  const folder = join(parent, 'deep/tree');
  await Promise.all([cachedFolder(folder, counting), cachedFolder(folder, counting)]);
  await cachedFolder(folder, counting);
  expect(built).toBe(1);
  expect(await readdir(folder)).toEqual(['content']);
});

test('leaves nothing of a build that fails', async () => {
  await expect(cachedFolder(join(parent, 'tree'), failing)).rejects.toThrow('disk full');
  expect(await readdir(parent)).toEqual([]);
});

test('removes the files and the lock of a killed build', async () => {
  const noProcess = 2 ** 22 + 1; // above the largest id Linux gives
  await writeFile(join(parent, 'tree.lock'), String(noProcess));
  await mkdir(join(parent, `tree.tmp-${noProcess}`));
  await cachedFolder(join(parent, 'tree'), build);
  expect(await readdir(parent)).toEqual(['tree']);
});
