import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { expect, test } from '@jest/globals';
import { fromBufferPromise } from 'yauzl';
import { zipOf } from '../../src/transfer/zip-writer.ts';

test('an archive can have more files than a 16-bit number counts', async () => {
  const modifiedAt = new Date('2026-01-02T03:04:06Z');
  async function* files() {
    for (let i = 0; i < 65_536; i++) yield { name: `${i}.md`, text: '', modifiedAt };
  }
  const { entryCount } = await fromBufferPromise(await buffer(Readable.from(zipOf(files()))));
  expect(entryCount).toBe(65_536);
});
