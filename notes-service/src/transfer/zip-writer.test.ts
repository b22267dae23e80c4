import { Readable } from 'node:stream';
import { setImmediate } from 'node:timers/promises';
import { describe, expect, test } from '@jest/globals';
import { zipOf, type ArchiveFile } from './zip-writer.ts';

const modifiedAt = new Date('2026-01-02T03:04:06Z');

async function* failingAfter(count: number): AsyncGenerator<ArchiveFile> {
  for (let i = 0; i < count; i++) yield { name: `${i}.md`, text: 'a', modifiedAt };
  throw new Error('The database is not available');
}

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
