// Writes the package for npm to dist: JavaScript, declarations, README, license, and a package.json of its own, because the
// workspace resolves the package to its sources.
import { execFileSync } from 'node:child_process';
import { copyFile, readFile, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join } from 'node:path';

const folder = import.meta.dirname;
const dist = join(folder, 'dist');
const tsc = join(createRequire(import.meta.url).resolve('typescript/package.json'), '../bin/tsc');

await rm(dist, { recursive: true, force: true });
execFileSync(process.execPath, [tsc, '-p', join(folder, 'tsconfig.build.json')], { stdio: 'inherit' });

const {
  private: _,
  scripts: __,
  ...published
} = JSON.parse(await readFile(join(folder, 'package.json'), 'utf8')) as Record<string, unknown>;
const manifest = {
  ...published,
  engines: { node: '>=20.3' },
  exports: { '.': { types: './index.d.ts', default: './index.js' } },
  sideEffects: false,
};
await writeFile(join(dist, 'package.json'), `${JSON.stringify(manifest, undefined, 2)}\n`);
await copyFile(join(folder, 'README.md'), join(dist, 'README.md'));
await copyFile(join(folder, '../../LICENSE'), join(dist, 'LICENSE'));
