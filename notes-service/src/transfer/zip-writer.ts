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
  const filled = fill(archive, files).catch((error: unknown) => archive.destroy(toError(error)));
  try {
    yield* archive as AsyncIterable<Uint8Array>;
  } finally {
    archive.destroy();
    await filled;
  }
}

async function fill(archive: ZipStream, files: AsyncIterable<ArchiveFile>): Promise<void> {
  for await (const file of files) await add(archive, file);
  archive.finalize();
}

/** Adds a file. The promise also settles when the archive is no longer read. */
function add(archive: ZipStream, { name, text, modifiedAt }: ArchiveFile): Promise<void> {
  return new Promise((resolve, reject) => {
    const stop = () => reject(new Error('The archive is no longer read'));
    if (archive.destroyed) stop();
    archive.once('close', stop);
    archive.entry(Buffer.from(text), { name, date: modifiedAt }, (error) => {
      archive.off('close', stop);
      if (error) reject(error);
      else resolve();
    });
  });
}

const toError = (error: unknown) => (Error.isError(error) ? error : new Error(String(error)));
