import { buffer } from 'node:stream/consumers';
import { beforeAll, expect, test } from '@jest/globals';
import { generateX25519Identity } from 'age-encryption';
import { encryptionWith, type Encryption } from './encryption.ts';

let encryption: Encryption;
let encrypted: Buffer;
const content = Buffer.alloc(300_000, 'content ');
beforeAll(async () => {
  encryption = await encryptionWith(await generateX25519Identity());
  encrypted = await buffer(encryption.encrypt(chunks(content)));
});

async function* chunks(whole: Buffer) {
  for (let at = 0; at < whole.length; at += 10_000) yield whole.subarray(at, at + 10_000);
}
const decrypted = (given: Buffer) => buffer(encryption.decrypt(chunks(given)));

test('decrypts what it has encrypted', async () => {
  expect((await decrypted(encrypted)).equals(content)).toBe(true);
  expect(encrypted.includes('content')).toBe(false);
});

// A part of the format (https://age-encryption.org/v1) has 64 KiB and a tag.
const part = 65_536 + 16;
test.each([
  [
    'cut at the end of a part',
    (whole: Buffer) => whole.subarray(0, whole.length - 1 - ((content.length % 65_536) + 15)),
  ],
  ['cut within a part', (whole: Buffer) => whole.subarray(0, -100)],
  [
    'changed',
    (whole: Buffer) => Buffer.concat([whole.subarray(0, -1), Buffer.from([(whole.at(-1) ?? 0) ^ 1])]),
  ],
  [
    'in another order',
    (whole: Buffer) => {
      const begin = whole.length - (content.length % 65_536) - 16 - 2 * part;
      const [first, second] = [
        whole.subarray(begin, begin + part),
        whole.subarray(begin + part, begin + 2 * part),
      ];
      return Buffer.concat([whole.subarray(0, begin), second, first, whole.subarray(begin + 2 * part)]);
    },
  ],
])('refuses a file that is %s', async (_how, change) => {
  await expect(decrypted(change(encrypted))).rejects.toThrow(/invalid tag/);
});
