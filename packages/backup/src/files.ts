import { createHash } from 'node:crypto';
import { createReadStream, createWriteStream } from 'node:fs';
import { pipeline } from 'node:stream/promises';
import { createGunzip, createGzip } from 'node:zlib';
import { StartError } from '@polyglot-notes/service-kit';
import type { Encryption } from './encryption.ts';

export interface FileDigest {
  bytes: number;
  sha256: string;
}

/** Writes a compressed file that only its owner can read, and returns the digest of its bytes on the disk. */
export async function writeCompressed(
  path: string,
  content: AsyncIterable<Buffer>,
  { encrypt }: Encryption,
): Promise<FileDigest> {
  const digest = createDigest();
  await pipeline(
    content,
    createGzip(),
    encrypt,
    digest.through,
    createWriteStream(path, { flags: 'wx', mode: 0o600, flush: true }),
  );
  return digest.result();
}

/** Passes the content of a file of `writeCompressed` to `into`. */
export async function readCompressed(
  path: string,
  { decrypt }: Encryption,
  into: (content: AsyncIterable<Buffer>) => Promise<void>,
): Promise<void> {
  await pipeline(createReadStream(path), decrypt, createGunzip({ chunkSize: 1_048_576 }), into);
}

/** Throws a StartError when the file is missing or has another digest. */
export async function checkFile(path: string, expected: FileDigest): Promise<void> {
  const digest = createDigest();
  try {
    await pipeline(createReadStream(path), digest.through, async (content) => {
      for await (const _chunk of content);
    });
  } catch (cause) {
    throw new StartError(`${path} cannot be read: the backup is damaged.`, { cause });
  }
  const { bytes, sha256 } = digest.result();
  if (bytes !== expected.bytes || sha256 !== expected.sha256)
    throw new StartError(`${path} is not the file that was written: the backup is damaged.`);
}

/** The digest of the bytes that pass `through`. */
function createDigest(): {
  through: (content: AsyncIterable<Uint8Array>) => AsyncIterable<Uint8Array>;
  result: () => FileDigest;
} {
  const hash = createHash('sha256');
  let bytes = 0;
  return {
    async *through(content: AsyncIterable<Uint8Array>) {
      for await (const chunk of content) {
        hash.update(chunk);
        bytes += chunk.length;
        yield chunk;
      }
    },
    result: () => ({ bytes, sha256: hash.digest('hex') }),
  };
}
