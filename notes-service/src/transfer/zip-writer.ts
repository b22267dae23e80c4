import { crc32, deflateRawSync } from 'node:zlib';

/** A file of an archive. */
export interface ArchiveFile {
  name: string;
  text: string;
  modifiedAt: Date;
}

// A file has 400 kB at most. With smaller windows than usual, a compressor takes 64 KiB instead of 256.
const zlib = { level: 6, windowBits: 13, memLevel: 6, chunkSize: 1_024 };
const blockBytes = 65_536;
const [max16, max32] = [0xffff, 0xffffffff];

/** Packs files into a zip archive while it is read. About 100 bytes of each file are kept until the end (APPNOTE 6.3.10). */
export async function* zipOf(files: AsyncIterable<ArchiveFile>): AsyncGenerator<Uint8Array> {
  const [contents, records] = [createBlock(), createBlock()];
  const directory: Buffer[] = [];
  let [count, offset] = [0, 0];
  for await (const file of files) {
    const { head, packed, record } = pack(file, offset);
    directory.push(...records.add(record));
    count++;
    offset += head.length + packed.length;
    yield* contents.add(head, packed);
  }
  directory.push(...records.end());
  yield* contents.end();
  yield* directory;
  yield endOf({ count, offset, size: directory.reduce((sum, { length }) => sum + length, 0) });
}

/** Joins buffers into blocks, which take no more memory than their bytes. */
function createBlock() {
  let parts: Buffer[] = [];
  let bytes = 0;
  function end(): Buffer[] {
    const block = Buffer.concat(parts);
    [parts, bytes] = [[], 0];
    return block.length === 0 ? [] : [block];
  }
  return {
    /** Returns the block if it is full. */
    add(...added: Buffer[]): Buffer[] {
      parts.push(...added);
      for (const { length } of added) bytes += length;
      return bytes < blockBytes ? [] : end();
    },
    end,
  };
}

const deflated = 8;
const isUtf8 = 0x800;
// The version of the format with 64-bit sizes, on Unix.
const [version, madeBy] = [45, (3 << 8) | 45];
const regularFile = (0o100644 << 16) >>> 0;

/** A file with its headers, which begins at `offset`. */
function pack({ name, text, modifiedAt }: ArchiveFile, offset: number) {
  const bytes = Buffer.from(text);
  const packed = deflateRawSync(bytes, zlib);
  const nameBytes = Buffer.from(name);
  const common = Buffer.alloc(26);
  common.writeUInt16LE(version, 0);
  common.writeUInt16LE(isUtf8, 2);
  common.writeUInt16LE(deflated, 4);
  common.writeUInt32LE(dosTime(modifiedAt), 6);
  common.writeUInt32LE(crc32(bytes), 10);
  common.writeUInt32LE(packed.length, 14);
  common.writeUInt32LE(bytes.length, 18);
  common.writeUInt16LE(nameBytes.length, 22);
  const head = Buffer.concat([Buffer.from('PK\x03\x04'), common, nameBytes]);
  const extra = offset < max32 ? Buffer.alloc(0) : longOffset(offset);
  common.writeUInt16LE(extra.length, 24);
  const rest = Buffer.alloc(14);
  rest.writeUInt32LE(regularFile, 6);
  rest.writeUInt32LE(Math.min(offset, max32), 10);
  const made = Buffer.from([0x50, 0x4b, 1, 2, madeBy & 0xff, madeBy >>> 8]);
  return { head, packed, record: Buffer.concat([made, common, rest, nameBytes, extra]) };
}

function longOffset(offset: number): Buffer {
  const extra = Buffer.alloc(12);
  extra.writeUInt16LE(1, 0);
  extra.writeUInt16LE(8, 2);
  extra.writeBigUInt64LE(BigInt(offset), 4);
  return extra;
}

/** A time in UTC as MS-DOS has it: from 1980, in steps of two seconds. */
function dosTime(time: Date): number {
  const year = Math.min(Math.max(time.getUTCFullYear(), 1980), 2107);
  const isInRange = year === time.getUTCFullYear();
  const date = isInRange ? time : new Date(year === 1980 ? Date.UTC(1980, 0, 1) : Date.UTC(2107, 11, 31));
  const day = ((year - 1980) << 9) | ((date.getUTCMonth() + 1) << 5) | date.getUTCDate();
  const seconds = (date.getUTCHours() << 11) | (date.getUTCMinutes() << 5) | (date.getUTCSeconds() >>> 1);
  return ((day << 16) | seconds) >>> 0;
}

/** The end of an archive whose directory of `size` bytes begins at `offset`, with the 64-bit form if it is needed. */
function endOf({ count, size, offset }: { count: number; size: number; offset: number }): Buffer {
  const end = Buffer.alloc(22);
  end.write('PK\x05\x06', 'latin1');
  end.writeUInt16LE(Math.min(count, max16), 8);
  end.writeUInt16LE(Math.min(count, max16), 10);
  end.writeUInt32LE(Math.min(size, max32), 12);
  end.writeUInt32LE(Math.min(offset, max32), 16);
  if (count < max16 && offset + size < max32) return end;
  const long = Buffer.alloc(76);
  long.write('PK\x06\x06', 'latin1');
  long.writeBigUInt64LE(44n, 4);
  long.writeUInt16LE(madeBy, 12);
  long.writeUInt16LE(version, 14);
  long.writeBigUInt64LE(BigInt(count), 24);
  long.writeBigUInt64LE(BigInt(count), 32);
  long.writeBigUInt64LE(BigInt(size), 40);
  long.writeBigUInt64LE(BigInt(offset), 48);
  long.write('PK\x06\x07', 56, 'latin1');
  long.writeBigUInt64LE(BigInt(offset + size), 64);
  long.writeUInt32LE(1, 72);
  return Buffer.concat([long, end]);
}
