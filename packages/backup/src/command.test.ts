import { expect, test } from '@jest/globals';
import { parseCommand } from './command.ts';

const file = { BACKUP_PASSPHRASE: '', BACKUP_PASSPHRASE_FILE: 'f' };

test.each([
  ['backup', { command: 'backup', settings: {} }],
  ['backup --keep 7 --passphrase-file f', { command: 'backup', settings: { BACKUP_KEEP: '7', ...file } }],
  ['restore a', { command: 'restore', backup: 'a', isToReplace: false, settings: {} }],
  ['restore a --replace', { command: 'restore', backup: 'a', isToReplace: true, settings: {} }],
  ['restore --verify a --passphrase-file f', { command: 'verify', backup: 'a', settings: file }],
  ['', undefined],
  ['remove', undefined],
  ['backup a', undefined],
  ['backup --replace', undefined],
  ['restore', undefined],
  ['restore a b', undefined],
  ['restore a --replace --verify', undefined],
])('the arguments %j', (line, parsed) => {
  expect(parseCommand(line.split(' ').filter((word) => word !== ''))).toEqual(parsed);
});
