import { existsSync } from 'node:fs';
import { mkdir, open, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { text } from 'node:stream/consumers';
import { errorCode, StartError } from '@polyglot-notes/service-kit';
import {
  createEncryption,
  encryptedExtension,
  noEncryption,
  openEncryption,
  type Encryption,
} from './encryption.ts';
import { parseManifest, type Manifest } from './manifest.ts';

const manifestFile = 'manifest.json';
const keyFile = 'key.age';
const wholeName = /^\d{4}-\d\d-\d\dT\d\d-\d\d-\d\dZ$/;
const unfinished = '.unfinished';
const unfinishedName = /^\d{4}-\d\d-\d\dT\d\d-\d\d-\d\dZ\.unfinished$/;
const unfinishedDays = 7;

const nameOf = (time: Date) => `${time.toISOString().slice(0, 19).replaceAll(':', '-')}Z`;

/** Where the file of a table is in a backup. */
export function tablePath(
  folder: string,
  database: string,
  table: string,
  kind: string,
  encryption: Encryption,
) {
  const extension = kind === 'postgresql' ? 'copy' : 'bson';
  return join(folder, database, `${table}.${extension}.gz${encryption.extension}`);
}

/**
 * Creates the folder of a backup. It gets its name, by which it counts as whole, when `finish` has written the manifest.
 * Throws a StartError when another backup has the name.
 */
export async function createFolder(dir: string, begunAt: Date, passphrase: string | undefined) {
  const target = join(dir, nameOf(begunAt));
  const folder = `${target}${unfinished}`;
  await mkdir(dir, { recursive: true, mode: 0o700 });
  const taken = new StartError(`Another backup into ${target} has begun in the same second: try again.`);
  if (existsSync(target)) throw taken;
  await mkdir(folder, { mode: 0o700 }).catch((error: unknown) => {
    throw errorCode(error) === 'EEXIST' ? taken : error;
  });
  const write = (name: string, content: string | Uint8Array | AsyncIterable<Uint8Array>) =>
    writeFile(join(folder, name), content, { flag: 'wx', mode: 0o600, flush: true });
  let encryption = noEncryption;
  if (passphrase !== undefined) {
    const { sealedKey, ...created } = await createEncryption(passphrase);
    await write(keyFile, sealedKey);
    encryption = created;
  }
  return {
    folder,
    encryption,

    discard: () => rm(folder, { recursive: true }),

    /** Returns the final path. */
    finish: async (manifest: string): Promise<string> => {
      const content = encryption.encrypt(oneChunk(Buffer.from(manifest)));
      await write(`${manifestFile}${encryption.extension}`, content);
      await rename(folder, target);
      await sync(dir);
      return target;
    },
  };
}

/** A folder that was renamed is found under its new name even after a power cut. */
async function sync(dir: string): Promise<void> {
  const handle = await open(dir);
  await handle.sync();
  await handle.close();
}

export interface BackupChoice {
  /** The folder of all backups. */
  dir: string;
  /** The name of a backup in `dir`, or an absolute path. */
  backup: string;
  passphrase: string | undefined;
}

export interface OpenBackup {
  folder: string;
  manifest: Manifest;
  encryption: Encryption;
}

/** Opens a backup. Throws a StartError when there is none, it is damaged, or the passphrase is wrong. */
export async function openBackup({ dir, backup, passphrase }: BackupChoice): Promise<OpenBackup> {
  const folder = resolve(dir, backup);
  if (folder.endsWith(unfinished))
    throw new StartError(`${folder} is not a whole backup: its backup, or its removal, was interrupted.`);
  const encryptedManifest = join(folder, `${manifestFile}${encryptedExtension}`);
  if (existsSync(encryptedManifest)) {
    if (passphrase === undefined) throw new StartError('The backup is encrypted: give its passphrase.');
    const keyPath = join(folder, keyFile);
    if (!existsSync(keyPath)) throw new StartError(`The backup is damaged: ${keyFile} is missing.`);
    const encryption = await openEncryption(await readFile(keyPath), passphrase).catch((cause: unknown) => {
      throw new StartError(`The passphrase is wrong, or ${keyFile} is damaged.`, { cause });
    });
    const encrypted = await readFile(encryptedManifest);
    return { folder, encryption, manifest: parseManifest(await decryptedText(encrypted, encryption)) };
  }
  if (!existsSync(join(folder, manifestFile))) throw new StartError(`There is no whole backup in ${folder}.`);
  // Or an attacker could put a backup of their own in the place of an encrypted one.
  if (passphrase !== undefined)
    throw new StartError(
      'The backup is not encrypted, but a passphrase is given: leave it out if that is right.',
    );
  const manifest = parseManifest(await readFile(join(folder, manifestFile), 'utf8'));
  return { folder, encryption: noEncryption, manifest };
}

async function decryptedText(content: Buffer, { decrypt }: Encryption): Promise<string> {
  try {
    return await text(decrypt(oneChunk(content)));
  } catch (cause) {
    throw new StartError('The manifest of the backup cannot be decrypted: the backup is damaged.', { cause });
  }
}

async function* oneChunk(content: Buffer) {
  yield content;
}

/**
 * Removes all whole backups in `dir` but the newest `keep`, and the remains of backups that were interrupted a week ago.
 * Returns their names. Leaves everything else alone. The backup that began at `begunAt` counts as the newest.
 */
export async function removeOld(dir: string, keep: number, begunAt: Date): Promise<string[]> {
  const entries = await readdir(dir, { withFileTypes: true });
  const names = entries.filter((entry) => entry.isDirectory()).map(({ name }) => name);
  const isWhole = (name: string) =>
    wholeName.test(name) &&
    ['', encryptedExtension].some((extension) => existsSync(join(dir, name, `${manifestFile}${extension}`)));
  // A later name comes from a clock that was ahead.
  const newest = nameOf(begunAt);
  const others = names.filter((name) => name !== newest && isWhole(name)).toSorted();
  const old = [...others, newest].slice(0, -keep);
  // A backup of which a part is removed must not count as whole.
  for (const name of old) await rename(join(dir, name), join(dir, `${name}${unfinished}`));
  const before = nameOf(new Date(begunAt.getTime() - unfinishedDays * 86_400_000));
  const interrupted = names.filter((each) => unfinishedName.test(each) && each < before);
  for (const name of [...old.map((each) => `${each}${unfinished}`), ...interrupted])
    await rm(join(dir, name), { recursive: true });
  return [...old, ...interrupted];
}
