import { parseArgs } from 'node:util';
import { backUp } from './backup.ts';
import type { BackupSettings } from './config.ts';
import type { Database } from './database.ts';
import { restore, verify } from './restore.ts';

export const usage = `Usage:
  backup [--keep N] [--passphrase-file FILE]
  restore BACKUP [--replace | --verify] [--passphrase-file FILE]

BACKUP is the name of a backup in BACKUP_DIR, or an absolute path.

  --keep N                 removes all backups but the newest N
  --passphrase-file FILE   encrypts or decrypts with the passphrase in the file
  --replace                erases the databases first
  --verify                 only checks the backup, for this version
`;

/** A command, and the settings that its options override. */
export type Given = { settings: Record<string, string | undefined> } & (
  | { command: 'backup' }
  | { command: 'verify'; backup: string }
  | { command: 'restore'; backup: string; isToReplace: boolean }
);

/** Parses the arguments of a command; undefined when they are not valid. */
export function parseCommand([command, ...args]: readonly string[]): Given | undefined {
  try {
    if (command === 'backup') {
      const { values } = parseArgs({ args, options: { keep: { type: 'string' }, ...passphraseFile } });
      const keep = values.keep === undefined ? {} : { BACKUP_KEEP: values.keep };
      const settings = { ...keep, ...passphraseSettings(values) };
      return { command, settings };
    }
    if (command !== 'restore') return undefined;
    const { values, positionals } = parseArgs({
      args,
      allowPositionals: true,
      options: { replace: { type: 'boolean' }, verify: { type: 'boolean' }, ...passphraseFile },
    });
    const { replace: isToReplace = false, verify: isToVerify = false } = values;
    const [backup, ...others] = positionals;
    if (backup === undefined || others.length > 0 || (isToReplace && isToVerify)) return undefined;
    const settings = passphraseSettings(values);
    return isToVerify ? { command: 'verify', backup, settings } : { command, backup, isToReplace, settings };
  } catch {
    return undefined;
  }
}

const passphraseFile = { 'passphrase-file': { type: 'string' } } as const;

const passphraseSettings = ({ 'passphrase-file': file }: { 'passphrase-file'?: string | undefined }) =>
  file === undefined ? {} : { BACKUP_PASSPHRASE: '', BACKUP_PASSPHRASE_FILE: file };

/** Carries out the command and returns its output. `databases` is called when they are needed. */
export async function carryOut(
  given: Given,
  settings: BackupSettings,
  databases: () => readonly Database[],
): Promise<string> {
  const { BACKUP_DIR: dir, BACKUP_KEEP: keep, BACKUP_PASSPHRASE: passphrase } = settings;
  if (given.command === 'backup') return backUp(databases(), { dir, keep, passphrase });
  const choice = { dir, backup: given.backup, passphrase };
  if (given.command === 'verify') return verify(choice);
  return restore(databases(), { ...choice, isToReplace: given.isToReplace });
}
