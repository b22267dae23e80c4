import { expect, test } from '@jest/globals';
import { pingMongo, withoutPassword } from './external.ts';

test.each([
  ['mongodb://host/db', 'mongodb://host/db'],
  ['mongodb://user:secret@host:1/db', 'mongodb://user:…@host:1/db'],
  ['mongodb+srv://user:p@ss:w@host/db', 'mongodb+srv://user:…@host/db'],
])('writes %s without its password', (url, shown) => {
  expect(withoutPassword(url)).toBe(shown);
});

test('names an invalid URL', async () => {
  await expect(pingMongo('nonsense')).rejects.toThrow('No MongoDB answers at MONGODB_URL nonsense');
});
