import { join } from 'node:path';
import { errorMessage } from '@polyglot-notes/service-kit';
import { DryMongoBinary, MongoBinary } from 'mongodb-memory-server-core';

const folder = (cacheDir: string) => join(cacheDir, 'mongod');

/** The path of MongoDB's own server if it is installed or was downloaded before; never downloads. */
export async function cachedMongod(cacheDir: string): Promise<string | undefined> {
  const options = await DryMongoBinary.generateOptions({ downloadDir: folder(cacheDir) });
  return DryMongoBinary.locateBinary(options);
}

/** Downloads MongoDB's own server and returns its path, or the reason of the failure in a few words. */
export async function downloadedMongod(
  cacheDir: string,
  progress: (line: string) => void,
): Promise<{ program: string } | { failure: string }> {
  progress('Downloading MongoDB (100 MB, once)');
  try {
    return { program: await MongoBinary.getPath({ downloadDir: folder(cacheDir) }) };
  } catch (error) {
    return { failure: errorMessage(error).trim().split('\n').at(-1) ?? '' };
  }
}
