import { execFileSync } from 'node:child_process';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { root } from './system.ts';

const git = (...args: string[]) =>
  execFileSync('git', args, { cwd: root, stdio: ['ignore', 'pipe', 'pipe'], maxBuffer: 256e6 });

/**
 * The release to upgrade from: UPGRADE_FROM, or the newest tag of a release among the ancestors of this commit. Undefined if
 * there is none, such as in a clone without its history.
 */
export function releaseBefore(): string | undefined {
  const { UPGRADE_FROM } = process.env;
  if (UPGRADE_FROM) return UPGRADE_FROM;
  try {
    return String(git('describe', '--tags', '--abbrev=0', '--match', 'v[0-9]*', 'HEAD^')).trim();
  } catch {
    console.warn(
      'Skipped: there is no earlier release here. Fetch its tags, or set UPGRADE_FROM to a commit.',
    );
    return undefined;
  }
}

/** Writes the files of a release to a new folder, and returns it. */
export function checkOutRelease(release: string): string {
  const folder = mkdtempSync(join(tmpdir(), 'polyglot-notes-release-'));
  execFileSync('tar', ['-x', '-C', folder], { input: git('archive', release) });
  return folder;
}
