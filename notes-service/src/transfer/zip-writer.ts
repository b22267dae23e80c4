import { once } from 'node:events';
import ZipStream from 'zip-stream';

/** A file of an archive. */
export interface ArchiveFile {
  name: string;
  text: string;
  modifiedAt: Date;
}

// A file has 100 kB at most. With smaller windows than usual, a compressor takes 64 KiB instead of 256.
const zlib = { level: 6, windowBits: 13, memLevel: 6 };

/** Packs files into a zip archive while it is read. */
export async function* zipOf(files: AsyncIterable<ArchiveFile>): AsyncGenerator<Uint8Array> {
  const archive = new ZipStream({ zlib });
  const closed = once(archive, 'close');
  const filled = fill(archive, files, closed).catch((error: unknown) => archive.destroy(toError(error)));
  try {
    yield* archive as AsyncIterable<Uint8Array>;
  } finally {
    archive.destroy();
    await filled;
  }
}

async function fill(
  archive: ZipStream,
  files: AsyncIterable<ArchiveFile>,
  closed: Promise<unknown>,
): Promise<void> {
  for await (const { name, text, modifiedAt } of files) {
    const added = new Promise<void>((resolve, reject) => {
      archive.entry(Buffer.from(text), { name, date: modifiedAt }, (error) =>
        error ? reject(error) : resolve(),
      );
    });
    await Promise.race([
      added,
      closed.then(() => Promise.reject(new Error('The archive is not read any more'))),
    ]);
  }
  archive.finalize();
}

const toError = (error: unknown) => (Error.isError(error) ? error : new Error(String(error)));
