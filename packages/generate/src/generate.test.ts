import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { env, route } from '@polyglot-notes/service-kit';
import { z } from 'zod';
import { generate } from './generate.ts';
import { generatedFiles } from './generated-files.ts';
import { gateway, services } from './services.ts';
import { settingsOf } from './settings.ts';

const repository = join(import.meta.dirname, '../../..');
const read = (path: string) => readFileSync(join(repository, path), 'utf8');
const problemCodes = 'docs/operations/problems.md';
const known = await generatedFiles({ gateway, services, read });

let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'polyglot-notes-generate-'));
  for (const { path } of known) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    cpSync(join(repository, path), join(root, path));
  }
  for (const path of ['bench/results', 'deploy/observability/alerts.yml', problemCodes])
    cpSync(join(repository, path), join(root, path), { recursive: true });
});
afterEach(() => rmSync(root, { recursive: true }));

const textOf = (path: string) => readFileSync(join(root, path), 'utf8');
const notes = services.find(({ name }) => name === 'notes-service');
/** The services, with more declared by notes-service. */
const withMore = (more: Partial<typeof notes>) =>
  services.map((service) => (service === notes ? { ...service, ...more } : service));

describe('a check', () => {
  const check = (declared = services) => generate({ root, isCheck: true, gateway, services: declared });

  test('passes when every file is up to date', async () => {
    expect(await check()).toEqual({ exitCode: 0, message: 'The generated files are up to date.' });
  });

  test('fails when a generated file has been edited, names it, and changes nothing', async () => {
    const edited = `${textOf('packages/client/openapi.json')} `;
    writeFileSync(join(root, 'packages/client/openapi.json'), edited);
    const { exitCode, message } = await check();
    expect(exitCode).toBe(1);
    expect(message).toBe(
      'These files are out of date; run npm run generate:\n  packages/client/openapi.json',
    );
    expect(textOf('packages/client/openapi.json')).toBe(edited);
  });

  test('fails when a generated file is missing', async () => {
    rmSync(join(root, 'packages/client/openapi.json'));
    expect(await check()).toMatchObject({ exitCode: 1 });
  });

  test('fails when a default has changed', async () => {
    const settings = gateway.settings.map((setting) =>
      setting.name === 'RATE_LIMIT_MAX' ? { ...setting, default: '301' } : setting,
    );
    const { message } = await generate({ root, isCheck: true, gateway: { ...gateway, settings }, services });
    expect(message.split('\n  ').slice(1)).toEqual([
      '.env.example',
      'docs/operations/configure.md',
      'gateway/README.md',
    ]);
  });
});

test('a new route shows up in the API document, the client, Postman, the table of endpoints and the gateway', async () => {
  const random = route({
    method: 'get',
    path: '/api/notes/random',
    tag: 'Notes',
    summary: 'Read a random note',
    access: 'user',
    limit: 'refresh',
    timeout: 'long',
    responses: { 204: { description: 'There are no notes' } },
    handler: async () => ({ status: 204 }),
  });
  const declared = withMore({ routes: [...(notes?.routes ?? []), random] });
  expect(await generate({ root, isCheck: false, gateway, services: declared })).toMatchObject({
    exitCode: 0,
  });
  expect(JSON.parse(textOf('packages/client/openapi.json')).paths['/api/notes/random'].get).toMatchObject({
    summary: 'Read a random note',
  });
  expect(textOf('packages/client/src/generated/api.ts')).toContain('"/api/notes/random"');
  expect(textOf('postman/polyglot-notes.postman_collection.json')).toContain(
    'Read a random note: GET /api/notes/random',
  );
  expect(textOf('notes-service/README.md')).toMatch(
    /\| `GET \/api\/notes\/random` +\| users +\| Read a random/,
  );
  expect(textOf('gateway/src/limits/limited-calls.ts')).toContain(
    "{ method: 'GET', path: '/api/notes/random', limit: 'refresh' }",
  );
  expect(textOf('gateway/src/forwarding/long-calls.ts')).toContain(
    "{ method: 'GET', path: '/api/notes/random' }",
  );
});

test('a new setting shows up in .env.example, the compose file, the table of settings and npm start', async () => {
  const added = settingsOf(
    z.object({ PAPER_DAYS: env.integer(1, 90).default(30).meta({ description: 'Days on paper.' }) }),
  );
  const declared = withMore({ settings: [...(notes?.settings ?? []), ...added] });
  expect(await generate({ root, isCheck: false, gateway, services: declared })).toMatchObject({
    exitCode: 0,
  });
  expect(textOf('.env.example')).toContain('\n# Days on paper.\n#PAPER_DAYS=30\n');
  expect(textOf('docker-compose.yml')).toContain('\n      PAPER_DAYS: ${PAPER_DAYS:-}\n');
  expect(textOf('notes-service/README.md')).toMatch(/\| `PAPER_DAYS` +\| `30` +\| Days on paper\. +\|/);
  expect(textOf('packages/local-stack/src/system/settings.ts')).toContain("  'PAPER_DAYS',\n");
});

test('the goals of a measurement show up in the README with what was measured', async () => {
  writeFileSync(
    join(root, 'bench/results/path.md'),
    '# Path\n\n| a | b |\n| - | - |\n| 1 | 2 |\n\n## Goals\n\n| | goal | | |\n| - | - | - | - |\n| rate | ≥ 0.5 | 0.77 | reached |\n',
  );
  const { message } = await generate({ root, isCheck: false, gateway, services });
  expect(message).toBe('Wrote:\n  README.md');
  expect(textOf('README.md')).toMatch(
    /\[path\]\(bench\/results\/path\.md\) +\| rate +\| ≥ 0\.5 +\| 0\.77 +\| reached/,
  );
  writeFileSync(join(root, 'bench/results/path.md'), '# Path\n');
  await expect(generate({ root, isCheck: false, gateway, services })).rejects.toThrow(
    'bench/results/path.md has no table of goals',
  );
});

test('a new problem code shows up in the page of the gateway', async () => {
  writeFileSync(
    join(root, problemCodes),
    `${textOf(problemCodes)}\n## out_of_paper\n\nSee [stores](a.md#b).\n`,
  );
  const { message } = await generate({ root, isCheck: false, gateway, services });
  const page = 'gateway/src/pages/files/problems.html';
  expect(message).toBe(`Wrote:\n  ${page}`);
  expect(textOf(page)).toMatch(/<h2 id="out_of_paper">out_of_paper<\/h2>\s+<p>See <em>stores<\/em>\.<\/p>/);
});

test('a changed alert shows up in the rules for the Prometheus Operator', async () => {
  const path = 'deploy/observability/alerts.yml';
  writeFileSync(join(root, path), textOf(path).replace('alert: ServiceDown', 'alert: ServiceGone'));
  const { message } = await generate({ root, isCheck: false, gateway, services });
  const rule = 'deploy/kubernetes/components/service-monitor/alerts.yaml';
  expect(message).toBe(`Wrote:\n  ${rule}`);
  expect(textOf(rule)).toContain('\n        - alert: ServiceGone\n');
});

test('a new secret is generated by docker compose, and nothing starts without it', async () => {
  const added = settingsOf(
    z.object({ SHARE_SECRET: env.secrets().meta({ description: 'Signs shared links.', secret: true }) }),
  );
  const declared = withMore({ settings: [...(notes?.settings ?? []), ...added] });
  await generate({ root, isCheck: false, gateway, services: declared });
  expect(textOf('.env.example')).toContain('\n# Signs shared links.\nSHARE_SECRET=\n');
  expect(textOf('deploy/env/secrets.ts')).toContain("  'SHARE_SECRET',\n");
  expect(textOf('docker-compose.yml')).toContain('\n      SHARE_SECRET: ${SHARE_SECRET}\n');
  expect(textOf('docker-compose.yml')).toContain('\n      SHARE_SECRET: ${SHARE_SECRET:?make .env first ');
});

test('an optional secret reaches its service, but nothing generates or requires it', async () => {
  const description = 'A secret that may be missing.';
  const more = settingsOf(
    z.object({ OLD_SECRET: env.secrets().optional().meta({ description, secret: true }) }),
  );
  const declared = withMore({ settings: [...(notes?.settings ?? []), ...more] });
  const { message } = await generate({ root, isCheck: false, gateway, services: declared });
  expect(message.split('\n  ').slice(1)).toEqual([
    '.env.example',
    'docker-compose.yml',
    'deploy/kubernetes/base/notes-service.yaml',
    'docs/operations/configure.md',
    'notes-service/README.md',
  ]);
  expect(textOf('.env.example')).toContain(`# ${description}\n#OLD_SECRET=\n`);
  expect(textOf('docker-compose.yml').match(/OLD_SECRET.*/g)).toEqual(['OLD_SECRET: ${OLD_SECRET:-}']);
});
