// Runs the calls of docs/operations/recipes.md as they are written there.
import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { root } from '@polyglot-notes/local-stack/testing';
import { newUser } from '@polyglot-notes/service-kit/testing';
import { api, call, urls } from './client.ts';

const run = promisify(execFile);
const text = readFileSync(join(root, 'docs/operations/recipes.md'), 'utf8');

/** The shell commands below a heading. */
function recipe(heading: string): string {
  const [, section = ''] = text.split(`\n## ${heading}\n`);
  const [, commands] = /```sh\n(.*?)```/s.exec(section.split('\n## ')[0]!) ?? [];
  if (commands === undefined) throw new Error(`There are no commands below "${heading}"`);
  return commands;
}

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'polyglot-notes-recipes-'));
  // A refused call ends the commands.
  await writeFile(join(folder, '.curlrc'), 'silent\nfail-with-body\n');
});
afterAll(() => rm(folder, { recursive: true, force: true }));

async function runRecipe(heading: string, variables: Record<string, string>): Promise<string> {
  const { stdout } = await run('bash', ['-euo', 'pipefail', '-c', recipe(heading)], {
    cwd: folder,
    env: { PATH: process.env['PATH'], CURL_HOME: folder, API: urls.gateway, ...variables },
  });
  return stdout;
}

test('refreshes a session', async () => {
  const { refreshToken } = await newUser(api);
  const tokens = JSON.parse(await runRecipe('Refresh a session', { REFRESH: refreshToken })) as object;
  expect(tokens).toMatchObject({ accessToken: expect.any(String), refreshToken: expect.any(String) });
});

test('changes a note that nobody else has changed', async () => {
  const { token } = await newUser(api);
  const { body: note } = await call('POST', '/api/notes', { token, body: { title: 'Old title' } });
  for (const title of ['One', 'Two'])
    await call('PATCH', `/api/notes/${note.id}`, { token, body: { title } });
  const output = await runRecipe('Change a note without overwriting another change', {
    TOKEN: token,
    ID: note.id,
  });
  expect(output).toContain('"title":"New title"');
});

test('reads all pages', async () => {
  const { token } = await newUser(api);
  for (const title of ['One', 'Two']) await call('POST', '/api/notes', { token, body: { title } });
  const { body } = await call('GET', '/api/notes?limit=1', { token });
  const output = await runRecipe('Read all pages', { TOKEN: token, NEXT: body.page.nextCursor });
  expect(output.match(/"nextCursor":null/g)).toHaveLength(2);
});

test('searches', async () => {
  const { token } = await newUser(api);
  for (const content of ['Milk, oat bread', 'Milk, oat bread, sugar', 'Milk, bread, oat'])
    await call('POST', '/api/notes', { token, body: { content } });
  const { items } = JSON.parse(await runRecipe('Search', { TOKEN: token })) as {
    items: { content: string }[];
  };
  expect(items.map(({ content }) => content)).toEqual(['Milk, oat bread']);
});

test('exports everything and imports it elsewhere', async () => {
  const [{ token }, other] = [await newUser(api), await newUser(api)];
  await call('POST', '/api/notes', { token, body: { title: 'From afar' } });
  const output = await runRecipe('Export everything, and import it elsewhere', {
    TOKEN: token,
    OTHER: urls.gateway,
    OTHER_TOKEN: other.token,
  });
  expect(JSON.parse(output)).toMatchObject({ imported: 1, skipped: 0 });
  expect(await readFile(join(folder, 'notes.ndjson'), 'utf8')).toContain('From afar');
});
