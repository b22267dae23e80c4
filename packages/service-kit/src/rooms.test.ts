import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { expect, test } from '@jest/globals';

// Each folder may import from itself and from the folders before it.
const rooms = ['process', 'problems', 'tokens', 'http', 'openapi', 'internal', 'service'];

const root = import.meta.dirname;
const roomOf = (path: string) => relative(root, path).split('/')[0] ?? '';

/** The imports of one file from other folders, as `http/mount.ts → openapi`. */
function importsOf(file: string): { from: string; to: string; description: string }[] {
  const source = readFileSync(file, 'utf8');
  return [...source.matchAll(/from '(\.[^']+)'/g)].map(([, path = '']) => {
    const to = roomOf(join(dirname(file), path));
    return { from: roomOf(file), to, description: `${relative(root, file)} → ${to}` };
  });
}

test('every folder imports only from folders earlier in the list', () => {
  const files = readdirSync(root, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.includes('/') && name.endsWith('.ts') && !name.endsWith('.test.ts'))
    .map((name) => join(root, name));
  const upward = files.flatMap(importsOf).filter(({ from, to }) => rooms.indexOf(to) > rooms.indexOf(from));
  expect(upward.map(({ description }) => description)).toEqual([]);
  expect([...new Set(files.map(roomOf))].toSorted()).toEqual(rooms.toSorted());
});
