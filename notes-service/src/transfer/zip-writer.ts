import { makeZip } from 'client-zip';
import { createPause } from '../search/pause.ts';

/** A file of an archive. */
export interface ArchiveFile {
  name: string;
  text: string;
  modifiedAt: Date;
}

// client-zip gives six small pieces for each file, and each would be a write to the connection.
const blockBytes = 65_536;

/** Packs files into a zip archive while it is read, uncompressed. Less than 1 kB of each file is kept until the end. */
export async function* zipOf(files: AsyncIterable<ArchiveFile>): AsyncGenerator<Uint8Array> {
  let count = 0;
  const encode = createNameEncoder();
  const pause = createPause({ restMs: 5 });
  async function* entries() {
    for await (const { name, text, modifiedAt } of files) {
      yield { name: encode(name), input: text, lastModified: inRange(modifiedAt), mode: 0o644 };
      count++;
    }
  }
  const source = entries();
  const archive = makeZip(source).getReader();
  try {
    let block: Uint8Array[] = [];
    let bytes = 0;
    let end: Uint8Array = new Uint8Array();
    for (let next = await archive.read(); !next.done; next = await archive.read()) {
      await pause();
      block.push(end);
      bytes += end.length;
      end = next.value;
      if (bytes < blockBytes) continue;
      yield Buffer.concat(block);
      block = [];
      bytes = 0;
    }
    yield Buffer.concat([...block, ...endOf(end, count)]);
  } finally {
    // To cancel the archive would throw into the source.
    await source.return();
  }
}

/** Encodes names side by side, because a buffer of its own takes more memory than the name. */
function createNameEncoder(): (name: string) => Uint8Array {
  let shared = Buffer.alloc(0);
  let used = 0;
  return (name) => {
    const bytes = Buffer.byteLength(name);
    if (used + bytes > shared.length) {
      shared = Buffer.alloc(blockBytes);
      used = 0;
    }
    used += shared.write(name, used);
    return shared.subarray(used - bytes, used);
  };
}

// The times that the format knows, with a day for the time zone.
const [first, last] = [Date.UTC(1980, 0, 2), Date.UTC(2107, 11, 30)];
const inRange = (time: Date) => new Date(Math.min(Math.max(time.getTime(), first), last));

const [max16, max32] = [0xff_ff, 0xff_ff_ff_ff];

/**
 * The end of an archive with the 64-bit number of its files, without which it must have less than 65,535 (APPNOTE 6.3.10,
 * 4.3.14). client-zip writes that only for archives of 4 GiB and more.
 */
function endOf(end: Uint8Array, count: number): Uint8Array[] {
  const { buffer, byteOffset, byteLength } = end;
  const given = new DataView(buffer, byteOffset, byteLength);
  const [size, offset] = [given.getUint32(12, true), given.getUint32(16, true)];
  if (count < max16 || offset === max32) return [end];
  const long = Buffer.alloc(76);
  long.write('PK\u0006\u0006', 0, 'latin1');
  long.writeBigUInt64LE(44n, 4);
  long.writeUInt16LE(45, 12);
  long.writeUInt16LE(45, 14);
  for (const place of [24, 32]) long.writeBigUInt64LE(BigInt(count), place);
  long.writeBigUInt64LE(BigInt(size), 40);
  long.writeBigUInt64LE(BigInt(offset), 48);
  long.write('PK\u0006\u0007', 56, 'latin1');
  long.writeBigUInt64LE(BigInt(offset + size), 64);
  long.writeUInt32LE(1, 72);
  return [long, end];
}
