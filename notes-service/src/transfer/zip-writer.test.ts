import { Readable } from 'node:stream';
import { buffer, text } from 'node:stream/consumers';
import { setImmediate } from 'node:timers/promises';
import { describe, expect, test } from '@jest/globals';
import { fromBufferPromise } from 'yauzl';
import { zipOf, type ArchiveFile } from './zip-writer.ts';

const modifiedAt = new Date('2026-01-02T03:04:06Z');

async function* failingAfter(count: number): AsyncGenerator<ArchiveFile> {
  for (let i = 0; i < count; i++) yield { name: `${i}.md`, text: 'a', modifiedAt };
  throw new Error('The database is not available');
}

test('an archive has the text, the name in UTF-8 and the time of each file, or the nearest time that the format knows', async () => {
  const files = ['2026-01-02T03:04:06Z', '1969-05-06T00:00:00Z', '2200-01-01T00:00:00Z'].map((time, i) => ({
    name: `é${i} 🐘.md`,
    text: `text ${'é🐘'.repeat(i * 5_000)}`,
    modifiedAt: new Date(time),
  }));
  const archive = await fromBufferPromise(await buffer(Readable.from(zipOf(Readable.from(files)))));
  const found: object[] = [];
  for await (const entry of archive.eachEntry())
    found.push({
      name: entry.fileName,
      text: await text(await archive.openReadStreamPromise(entry)),
      modifiedAt: entry.getLastModDate(),
    });
  const times = ['2026-01-02T03:04:06Z', '1980-01-02T00:00:00Z', '2107-12-30T00:00:00Z'];
  expect(found).toEqual(files.map((file, i) => ({ ...file, modifiedAt: new Date(times[i]!) })));
});

test('an archive declares Unix and UTF-8, without which unzip reads names in a code page of MS-DOS', async () => {
  const files = [{ name: 'Müller 🐘.md', text: '', modifiedAt }];
  const archive = await buffer(Readable.from(zipOf(Readable.from(files))));
  const entry = archive.subarray(archive.indexOf('PK\x01\x02'));
  const unix = 3;
  expect(entry.readUInt8(5)).toBe(unix);
  expect(entry.readUInt16LE(8) & 0x0800).toBe(0x0800);
  expect(entry.readUInt32LE(38) >>> 16).toBe(0o100_644);
});

describe('an archive whose source fails', () => {
  test.each([0, 1, 50])('after %i files fails with the same error only', async (count) => {
    const rejections: unknown[] = [];
    const keep = (reason: unknown) => rejections.push(reason);
    process.on('unhandledRejection', keep);
    try {
      await expect(Readable.from(zipOf(failingAfter(count))).toArray()).rejects.toThrow(
        /^The database is not available$/,
      );
      await setImmediate();
      await setImmediate();
    } finally {
      process.off('unhandledRejection', keep);
    }
    expect(rejections).toEqual([]);
  });

  test('ends its source when it is no longer read', async () => {
    let ended = false;
    async function* files(): AsyncGenerator<ArchiveFile> {
      try {
        for (let i = 0; ; i++) yield { name: `${i}.md`, text: 'a', modifiedAt };
      } finally {
        ended = true;
      }
    }
    for await (const _chunk of zipOf(files())) break;
    expect(ended).toBe(true);
  });
});
