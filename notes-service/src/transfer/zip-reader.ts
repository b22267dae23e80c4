import type { FileHandle } from 'node:fs/promises';
import { crc32, inflateRawSync } from 'node:zlib';
import { Problem, problems, problemType } from '@polyglot-notes/service-kit';
import { fromRandomAccessReaderPromise, getFileNameLowLevel, type Entry, type ZipFile } from 'yauzl';
import { LineFault } from './line-fault.ts';
import { WindowReader } from './window-reader.ts';

export const invalidArchive = problemType(400, 'invalid_archive', 'The body is not a readable zip archive');

/** An entry of an archive by its number from 1 and its name: its bytes, or why it cannot be read. */
export type ZipEntry = { line: number; name: string } & (
  | { bytes: Buffer; modifiedAt: Date | undefined }
  | { fault: LineFault }
);

export interface ZipLimits {
  entries: number;
  /** Of one entry, unpacked. A larger one is a fault. */
  entryBytes: number;
  /** Of all entries that would be read, unpacked. */
  totalBytes: number;
  /** How many times its packed size an archive may have unpacked, if it has more than `freeBytes`. */
  ratio: number;
  freeBytes: number;
}

export const zipLimits: ZipLimits = {
  entries: 500_000,
  entryBytes: 524_288,
  totalBytes: 8_589_934_592,
  ratio: 200,
  freeBytes: 67_108_864,
};

/**
 * Reads the entries of an archive that may be notes, in their order. Names are for people and for titles: nothing is
 * written under them. Throws `invalid_archive`, and `payload_too_large` before the first entry if the whole would unpack
 * to more than the limits.
 */
export async function* readZip(file: FileHandle, limits = zipLimits): AsyncGenerator<ZipEntry> {
  await checkSizes(file, limits);
  const open = await openArchive(file);
  for await (const { line, name, entry } of entriesOf(open)) {
    const fault = faultOf(entry, name, limits);
    if (fault) yield { line, name, fault };
    else if (isNote(name)) yield await readEntry(open, entry, { line, name });
  }
}

interface OpenArchive {
  archive: ZipFile;
  reader: WindowReader;
}

async function openArchive(file: FileHandle): Promise<OpenArchive> {
  try {
    // The names are decoded below. yauzl would refuse the whole archive because of one name.
    const { size } = await file.stat();
    const reader = new WindowReader(file);
    const options = { autoClose: false, decodeStrings: false };
    return { archive: await fromRandomAccessReaderPromise(reader, size, options), reader };
  } catch (cause) {
    throw unreadable(cause);
  }
}

async function* entriesOf({ archive }: OpenArchive) {
  let line = 0;
  try {
    for await (const entry of archive.eachEntry()) {
      line++;
      const { generalPurposeBitFlag, fileNameRaw, extraFields } = entry;
      yield {
        line,
        name: getFileNameLowLevel(generalPurposeBitFlag, fileNameRaw, extraFields, false),
        entry,
      };
    }
  } catch (cause) {
    throw cause instanceof Problem ? cause : unreadable(cause);
  }
}

const unreadable = (cause: unknown) =>
  new Problem(invalidArchive, { ...(Error.isError(cause) && { detail: cause.message }), cause });

/** Adds up the declared sizes. No entry is unpacked to more than it declares. */
async function checkSizes(file: FileHandle, limits: ZipLimits): Promise<void> {
  const open = await openArchive(file);
  const { archive } = open;
  if (archive.entryCount > limits.entries) throw tooLarge(`more than ${limits.entries} entries`);
  let total = 0;
  for await (const { entry, name } of entriesOf(open)) {
    if (isNote(name) && entry.uncompressedSize <= limits.entryBytes) total += entry.uncompressedSize;
    if (total > limits.totalBytes) throw tooLarge(`more than ${limits.totalBytes} bytes unpacked`);
  }
  if (total > Math.max(limits.freeBytes, archive.fileSize * limits.ratio))
    throw tooLarge(`more than ${limits.ratio} times its size unpacked`);
}

const tooLarge = (what: string) =>
  new Problem(problems.payloadTooLarge, { detail: `The archive has ${what}.` });

const noteName = /\.(?:md|markdown|txt)$/i;
const archiveName = /\.(?:zip|7z|rar|tar|t?gz|enex|jex)$/i;
/** Folders and files of the system or of another program, such as `__MACOSX/`, `.DS_Store` and `.obsidian/`. */
const hidden = /(?:^|\/)(?:__MACOSX\/|\.(?!\.?\/)[^/]*)/;

const isNote = (name: string) => noteName.test(name) && !hidden.test(name);

const symbolicLink = 0o120000;

/** Why an entry cannot be a note. Entries that are clearly none, such as folders and pictures, have no fault. */
function faultOf(entry: Entry, name: string, { entryBytes }: ZipLimits): LineFault | undefined {
  if (archiveName.test(name) && !hidden.test(name))
    return new LineFault(
      'nested_archive',
      'The entry is an archive itself. Unpack it and import its content',
    );
  if (!isNote(name)) return undefined;
  if (((entry.externalFileAttributes >>> 16) & 0o170000) === symbolicLink)
    return new LineFault('unsupported_entry', 'The entry is a symbolic link');
  if (entry.isEncrypted()) return new LineFault('encrypted_entry', 'The entry is encrypted');
  if (!entry.canDecodeFileData())
    return new LineFault(
      'unsupported_entry',
      `The compression method ${entry.compressionMethod} is not supported`,
    );
  if (entry.uncompressedSize > entryBytes)
    return new LineFault('too_large', `The entry is larger than ${entryBytes / 1024} KiB`);
  return undefined;
}

async function readEntry(
  open: OpenArchive,
  entry: Entry,
  place: { line: number; name: string },
): Promise<ZipEntry> {
  try {
    const bytes = unpack(entry, await readPacked(open, entry));
    if (bytes.length !== entry.uncompressedSize) throw new Error('its size is wrong');
    if (crc32(bytes) !== entry.crc32) throw new Error('its checksum is wrong');
    return { ...place, bytes, modifiedAt: modifiedAt(entry) };
  } catch (error) {
    const reason = Error.isError(error) ? error.message : String(error);
    return { ...place, fault: new LineFault('corrupt_entry', `The entry cannot be read: ${reason}`) };
  }
}

// Deflate makes no text much longer.
const maxOverhead = 65_536;

async function readPacked({ archive, reader }: OpenArchive, entry: Entry): Promise<Buffer> {
  if (entry.compressedSize > entry.uncompressedSize + maxOverhead)
    throw new Error('it is longer than its content');
  const { fileDataStart } = await archive.readLocalFileHeaderPromise(entry, { minimal: true });
  return reader.bytesAt(fileDataStart, entry.compressedSize);
}

/** An entry is small, so that the event loop waits for a few milliseconds at most. */
function unpack({ compressionMethod, uncompressedSize }: Entry, packed: Buffer): Buffer {
  if (compressionMethod === 0) return packed;
  // One buffer of the declared size rather than several of 16 KiB.
  const chunkSize = Math.max(uncompressedSize, 64);
  return inflateRawSync(packed, { chunkSize, maxOutputLength: Math.max(uncompressedSize, 1) });
}

// Archives without times have the first day that the format knows, or less.
const firstTime = Date.UTC(1980, 0, 2);

function modifiedAt(entry: Entry): Date | undefined {
  const date = entry.getLastModDate({ timezone: 'UTC' });
  return date.getTime() >= firstTime ? date : undefined;
}
