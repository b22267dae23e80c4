import { execFileSync, spawnSync } from 'node:child_process';

export type ServerUser = { uid: number; gid: number };

/**
 * The account a PostgreSQL server must run as: `nobody` when the caller is root, because PostgreSQL refuses
 * root, otherwise undefined for the caller itself. Throws when root finds no user `nobody`.
 */
export function serverUser(): ServerUser | undefined {
  if (process.getuid?.() !== 0) return undefined;
  return { uid: idOf('-u'), gid: idOf('-g') };
}

/**
 * Whether the server's account can enter the folder, or execute the file, at the path; always true for the
 * caller itself.
 */
export function reachable(path: string, user: ServerUser | undefined): boolean {
  if (!user) return true;
  return spawnSync('test', ['-x', path], { ...user, cwd: '/' }).status === 0;
}

const idOf = (flag: string) => Number(execFileSync('id', [flag, 'nobody'], { encoding: 'utf8' }));
