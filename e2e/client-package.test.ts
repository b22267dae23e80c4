// The tarball of @polyglot-notes/client in a project of its own, on the Node of this machine.
import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { root } from '@polyglot-notes/local-stack/testing';
import { buildAccount } from '@polyglot-notes/service-kit/testing';
import { urls } from './client.ts';

const run = promisify(execFile);

// npm scripts run on the Node of node_modules, which comes first in PATH. Its user may have an older one.
const path = (process.env['PATH'] ?? '')
  .split(delimiter)
  .filter((folder) => !folder.includes('node_modules'))
  .join(delimiter);
const env = { ...process.env, PATH: path, NODE_OPTIONS: '' };

let project: string;
beforeAll(async () => {
  project = await mkdtemp(join(tmpdir(), 'polyglot-notes-client-'));
  const dist = join(root, 'packages/client/dist');
  await run(process.execPath, ['build.ts'], { cwd: join(root, 'packages/client') });
  const packed = await run('npm', ['pack', '--json', '--pack-destination', project], { cwd: dist });
  const [{ filename }] = JSON.parse(packed.stdout) as [{ filename: string }];
  await writeFile(join(project, 'package.json'), '{ "private": true, "type": "module" }');
  await run('npm', ['install', '--prefer-offline', '--no-audit', '--no-fund', filename], {
    cwd: project,
    env,
  });
});
afterAll(() => rm(project, { recursive: true, force: true }));

test('runs as JavaScript', async () => {
  await writeFile(
    join(project, 'notes.js'),
    `import { createSession } from '@polyglot-notes/client';
    const session = createSession({ baseUrl: process.env.API_URL });
    await session.register({ email: process.env.EMAIL, password: process.env.PASSWORD });
    await session.api.POST('/api/notes', { body: { title: 'From the package' } });
    const { data } = await session.api.GET('/api/notes');
    console.log(data.items.map(({ title }) => title).join());
    await session.logOut();`,
  );
  const { email, password } = buildAccount();
  const notes = await run('node', ['notes.js'], {
    cwd: project,
    env: { ...env, API_URL: urls.gateway, EMAIL: email, PASSWORD: password },
  });
  expect(notes).toEqual({ stdout: 'From the package\n', stderr: '' });
});

test.each(['node20', 'bundler'])('has types for TypeScript with %s resolution', async (resolution) => {
  await writeFile(
    join(project, 'notes.ts'),
    `import { createClient, createSession, type Schemas } from '@polyglot-notes/client';
    const { api } = createSession({ baseUrl: 'http://127.0.0.1:8000' });
    const { data } = await api.GET('/api/notes', { params: { query: { limit: 20 } } });
    export const note: Schemas['Note'] | undefined = data?.items[0];
    // @ts-expect-error: there is no such path.
    await createClient({ baseUrl: 'http://127.0.0.1:8000' }).GET('/api/nothing');
    // @ts-expect-error: a title is a text.
    await api.POST('/api/notes', { body: { title: 1 } });`,
  );
  const settings = ['--module', resolution === 'bundler' ? 'esnext' : resolution];
  if (resolution === 'bundler') settings.push('--moduleResolution', resolution);
  const tsc = join(root, 'node_modules/typescript/bin/tsc');
  const checked = await run(
    process.execPath,
    [
      tsc,
      '--noEmit',
      '--strict',
      '--target',
      'es2022',
      '--lib',
      'es2022,dom,dom.iterable',
      '--types',
      '',
      ...settings,
      'notes.ts',
    ],
    { cwd: project },
  ).catch(({ stdout }: { stdout: string }) => ({ stdout }));
  expect(checked.stdout).toBe('');
});
