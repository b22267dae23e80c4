import { execFileSync } from 'node:child_process';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { root } from '@polyglot-notes/local-stack/testing';

const git = (...args: string[]) => execFileSync('git', args, { cwd: root, encoding: 'utf8' }).trim();

/**
 * The release before this commit: UPGRADE_FROM, or the newest tag of a release among the ancestors. Undefined if there is
 * none, such as in a clone without its history.
 */
export function releaseBefore(): string | undefined {
  const { UPGRADE_FROM } = process.env;
  if (UPGRADE_FROM !== undefined) return git('rev-parse', '--verify', `${UPGRADE_FROM}^{commit}`);
  try {
    return git('describe', '--tags', '--abbrev=0', '--match', 'v[0-9]*', 'HEAD^');
  } catch {
    return undefined;
  }
}

/** A checkout of a release with its packages installed. */
export function checkOut(release: string) {
  const folder = mkdtempSync(join(tmpdir(), 'polyglot-notes-release-'));
  git('worktree', 'add', '--detach', folder, release);
  const remove = () => git('worktree', 'remove', '--force', folder);
  // npm gives its scripts settings of its own, such as the folder of the project.
  const env = Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith('npm_')));
  try {
    execFileSync('npm', ['ci'], { cwd: folder, env, stdio: ['ignore', 'ignore', 'inherit'] });
  } catch (error) {
    remove();
    throw error;
  }
  return { folder, remove };
}
