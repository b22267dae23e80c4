import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { formatted } from './formatted.ts';
import { generatedFiles, type Project } from './generated-files.ts';

interface Options extends Omit<Project, 'read'> {
  /** The folder of the repository. */
  root: string;
  /** Whether to compare only, and write nothing. */
  isCheck: boolean;
}

/**
 * Writes the generated files that are out of date. Returns the exit code and a message: a check ends with 1 when a file
 * is out of date.
 */
export async function generate({ root, isCheck, ...declared }: Options) {
  const read = (path: string) => readFileSync(join(root, path), 'utf8');
  const files = await Promise.all((await generatedFiles({ ...declared, read })).map(formatted));
  const outdated = files.filter(({ path, text }) => !existsSync(join(root, path)) || text !== read(path));
  if (outdated.length === 0) return { exitCode: 0, message: 'The generated files are up to date.' };
  const list = outdated.map(({ path }) => `\n  ${path}`).join('');
  if (isCheck) return { exitCode: 1, message: `These files are out of date; run npm run generate:${list}` };
  for (const { path, text } of outdated) writeFileSync(join(root, path), text);
  return { exitCode: 0, message: `Wrote:${list}` };
}
