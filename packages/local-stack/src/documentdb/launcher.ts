import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type MongodProcess, runMongod } from '../mongod-process.ts';
import { makeServerFolder } from '../server-folder.ts';

/**
 * Runs DocumentDB in mongod's place, its data in the folder; `bin` holds its programs. Throws one sentence on
 * failure.
 */
export async function startDocumentdb(options: {
  folder: string;
  port: number;
  bin: string;
  durable: boolean;
}): Promise<MongodProcess> {
  const { folder, port, bin, durable } = options;
  await makeServerFolder(folder);
  // A script of its own, because the `node` on the path may be too old for TypeScript.
  const program = join(folder, 'mongod');
  const words = [process.execPath, fileURLToPath(new URL('./mongod.ts', import.meta.url)), '--programs', bin];
  const command = words.map((word) => `'${word.replaceAll("'", `'\\''`)}'`).join(' ');
  await writeFile(program, `#!/bin/sh\nexec ${command} ${durable ? '' : '--volatile '}"$@"\n`, {
    mode: 0o700,
  });
  return runMongod({ name: 'MongoDB (DocumentDB)', program, version: '8.0.0', folder, port });
}
