import { chown, readdir, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { exists } from '../servers/exists.ts';
import { lastLine } from '../servers/last-words.ts';
import type { PostgresOptions } from './options.ts';
import { makeServerFolder } from '../servers/folder.ts';
import { spawnServer, untilEnd } from '../servers/process.ts';
import type { ServerUser } from '../servers/user.ts';

/**
 * Creates a data folder for PostgreSQL, completely or not at all. Throws one sentence when other files are in
 * the way or initdb fails.
 */
export async function initializePostgres(
  options: PostgresOptions,
  user: ServerUser | undefined,
): Promise<void> {
  const { dataDir, bin, password } = options;
  if ((await exists(dataDir)) && (await readdir(dataDir)).length > 0)
    throw new Error(`${dataDir} holds no PostgreSQL data but other files: move them away.`);
  // Created under another name and renamed, so that a later start does not use the result of a killed initdb.
  const unfinished = `${dataDir}.unfinished`;
  const passwordFile = `${dataDir}.password`;
  await rm(unfinished, { recursive: true, force: true });
  await makeServerFolder(unfinished);
  if (password !== undefined) {
    await rm(passwordFile, { force: true });
    await writeFile(passwordFile, password, { mode: 0o600 });
    if (user) await chown(passwordFile, user.uid, user.gid);
  }
  try {
    const locale = process.platform === 'darwin' ? ['--locale=C', '--lc-ctype=UTF-8'] : ['--locale=C.UTF-8'];
    const args = ['-D', unfinished, '-U', 'postgres', '--encoding=UTF8', ...locale, ...options.initdb];
    await run(`${options.name}'s initdb`, join(bin, 'initdb'), user, [
      ...args,
      ...(password === undefined ? [] : [`--pwfile=${passwordFile}`]),
      ...(options.durable ? [] : ['--no-sync']),
    ]);
  } finally {
    await rm(passwordFile, { force: true });
  }
  await rename(unfinished, dataDir);
}

async function run(
  name: string,
  program: string,
  user: ServerUser | undefined,
  args: string[],
): Promise<void> {
  const child = spawnServer(program, args, user, 'pipe');
  let said = '';
  child.stderr?.on('data', (chunk: Buffer) => (said += chunk.toString()));
  const how = await untilEnd(child);
  if (how !== 'exit code 0') throw new Error(`${name} failed (${how}): ${lastLine(said)}`);
}
