import { open } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { crc32, deflateRawSync } from 'node:zlib';
import { describe, expect, jest, test } from '@jest/globals';
import { fillSpool, openSpool } from './spool.ts';
import { readZip, zipLimits, type ZipLimits } from './zip-reader.ts';

interface RawEntry {
  name: string | Buffer;
  data?: Buffer;
  flags?: number;
  method?: number;
  mode?: number;
  size?: number;
  crc?: number;
}

/** An archive with exactly these fields, which no writer would make. */
function rawZip(entries: RawEntry[]): Buffer {
  const locals: Buffer[] = [];
  const records: Buffer[] = [];
  let offset = 0;
  for (const {
    name,
    data = Buffer.from('text'),
    flags = 0x800,
    method = 8,
    mode = 0o100644,
    ...given
  } of entries) {
    const packed = method === 8 ? deflateRawSync(data) : data;
    const { size = data.length, crc = crc32(data) } = given;
    const nameBytes = Buffer.from(name as string);
    const common = Buffer.alloc(26);
    common.writeUInt16LE(20, 0);
    common.writeUInt16LE(flags, 2);
    common.writeUInt16LE(method, 4);
    common.writeUInt32LE(crc, 10);
    common.writeUInt32LE(packed.length, 14);
    common.writeUInt32LE(size, 18);
    common.writeUInt16LE(nameBytes.length, 22);
    const rest = Buffer.alloc(14);
    rest.writeUInt32LE((mode << 16) >>> 0, 6);
    rest.writeUInt32LE(offset, 10);
    const local = Buffer.concat([Buffer.from('PK\x03\x04'), common, nameBytes, packed]);
    locals.push(local);
    records.push(Buffer.concat([Buffer.from('PK\x01\x02\x14\x03'), common, rest, nameBytes]));
    offset += local.length;
  }
  const directory = Buffer.concat(records);
  const end = Buffer.alloc(22);
  end.write('PK\x05\x06', 'latin1');
  end.writeUInt16LE(entries.length, 8);
  end.writeUInt16LE(entries.length, 10);
  end.writeUInt32LE(directory.length, 12);
  end.writeUInt32LE(offset, 16);
  return Buffer.concat([...locals, directory, end]);
}

async function read(archive: Buffer, limits: Partial<ZipLimits> = {}) {
  const file = await openSpool();
  try {
    await fillSpool(file, ReadableStream.from([archive]));
    const found: unknown[] = [];
    for await (const entry of readZip(file, { ...zipLimits, ...limits }))
      found.push([entry.line, 'fault' in entry ? entry.fault.code : entry.bytes.toString()]);
    return found;
  } finally {
    await file.close();
  }
}

describe('an archive', () => {
  test.each([
    ['../../etc/x.md', 'text'],
    ['/etc/x.md', 'text'],
    ['C:\\x.md', 'text'],
    ['a\\..\\x.md', 'text'],
    [`${'a'.repeat(65_000)}.md`, 'text'],
    [Buffer.from([0x80, 0x2e, 0x6d, 0x64]), 'text'],
  ])('may have the name %.40j, under which nothing is written', async (name, content) => {
    expect(await read(rawZip([{ name }]))).toEqual([[1, content]]);
  });

  test.each([
    ['an encrypted entry', { flags: 0x801 }, 'encrypted_entry'],
    ['another compression', { method: 14 }, 'unsupported_entry'],
    ['a symbolic link', { mode: 0o120777 }, 'unsupported_entry'],
    ['a wrong checksum', { crc: 1 }, 'corrupt_entry'],
    [
      'an entry that unpacks to more than it declares',
      { data: Buffer.alloc(400_000), size: 5 },
      'corrupt_entry',
    ],
    ['an entry that unpacks to less', { size: 5_000 }, 'corrupt_entry'],
    ['an entry that is too large', { size: 600_000 }, 'too_large'],
    ['an archive in it', { name: 'inner.ZIP' }, 'nested_archive'],
  ])('with %s has a failure, and the other entries', async (_what, bad, code) => {
    expect(await read(rawZip([{ name: 'a.md' }, { name: 'b.md', ...bad }, { name: 'c.md' }]))).toEqual([
      [1, 'text'],
      [2, code],
      [3, 'text'],
    ]);
  });

  test('of many small entries is read in few steps', async () => {
    const file = await openSpool();
    const entries = Array.from({ length: 3_000 }, (_, i) => ({ name: `${i}.md` }));
    await fillSpool(file, ReadableStream.from([rawZip(entries)]));
    const reads = jest.spyOn(file, 'read');
    const found = await Readable.from(readZip(file)).toArray();
    await file.close();
    expect(found).toHaveLength(3_000);
    expect(reads.mock.calls.length).toBeGreaterThan(0);
    expect(reads.mock.calls.length).toBeLessThan(50);
  });

  const zeros = { data: Buffer.alloc(500_000) };
  test.each([
    ['too many entries', [{ name: 'a/' }, { name: 'b/' }, { name: 'c/' }], { entries: 2 }],
    [
      'too many bytes',
      [
        { name: 'a.md', ...zeros },
        { name: 'b.md', ...zeros },
      ],
      { totalBytes: 900_000 },
    ],
    ['a ratio of 1000:1', [{ name: 'a.md', ...zeros }], { freeBytes: 1_000 }],
  ])('with %s is refused before its first entry', async (_what, entries, limits) => {
    await expect(read(rawZip(entries), limits)).rejects.toMatchObject({
      type: { code: 'payload_too_large' },
    });
  });
});

const describeOnLinux = process.platform === 'linux' ? describe : describe.skip;

describeOnLinux('an archive', () => {
  test('that does not fit on the disk is a 503', async () => {
    const full = await open('/dev/full', 'w');
    await expect(fillSpool(full, ReadableStream.from([Buffer.alloc(10)]))).rejects.toMatchObject({
      type: { code: 'service_unavailable' },
    });
    await full.close();
    await expect(openSpool('/nowhere')).rejects.toMatchObject({ type: { code: 'service_unavailable' } });
  });
});
