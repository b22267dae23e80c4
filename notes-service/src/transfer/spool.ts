import { createHash, randomUUID } from 'node:crypto';
import { open, unlink, type FileHandle } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { errorCode, Problem, problems } from '@polyglot-notes/service-kit';

/** Opens a temporary file without a name. It is gone when it is closed, or when the process dies. */
export async function openSpool(folder = tmpdir()): Promise<FileHandle> {
  const path = join(folder, `polyglot-notes-${randomUUID()}`);
  try {
    const file = await open(path, 'wx+', 0o600);
    await unlink(path);
    return file;
  } catch (cause) {
    throw noSpace(cause);
  }
}

const spaceCodes = new Set<unknown>(['ENOSPC', 'EDQUOT', 'EFBIG']);

/** Writes a stream to a file. Returns its SHA-256. Throws `service_unavailable` if it does not fit on the disk. */
export async function fillSpool(file: FileHandle, source: AsyncIterable<Uint8Array>): Promise<string> {
  const digest = createHash('sha256');
  try {
    for await (const chunk of source) {
      digest.update(chunk);
      await file.writeFile(chunk);
    }
    return digest.digest('base64url');
  } catch (error) {
    throw spaceCodes.has(errorCode(error)) ? noSpace(error) : error;
  }
}

/** Reads the file from its beginning. */
export const readSpool = (file: FileHandle): AsyncIterable<Buffer> =>
  file.createReadStream({ start: 0, autoClose: false });

const noSpace = (cause: unknown) =>
  new Problem(problems.serviceUnavailable, {
    detail: 'There is no space for the archive at present.',
    cause,
  });
