// Upgrades a running system as docs/operations/upgrade.md says: from the newest release, or from the commit in UPGRADE_FROM.
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { newUser } from '@polyglot-notes/service-kit/testing';
import { clientThroughCaddy, load, usualCalls } from './clients.ts';
import { composeProject, root, type Compose } from './compose.ts';
import { writer } from './writer.ts';

const tags = spawnSync('git', ['tag', '--list', 'v*', '--sort=-version:refname', '--no-contains', 'HEAD'], {
  cwd: root,
  encoding: 'utf8',
});
// Without git, or without a tag, the output is empty.
const from = process.env['UPGRADE_FROM'] || tags.stdout?.split('\n')[0];

const host = 'notes.home.arpa';
const services = ['auth-service', 'user-service', 'notes-service', 'gateway'];

/** Writes the files of a commit to a folder, and returns it. */
function checkoutOf(commit: string, folder: string): string {
  const archive = join(folder, 'archive.tar');
  execFileSync('git', ['archive', '--output', archive, commit], { cwd: root });
  execFileSync('tar', ['-xf', archive, '-C', folder]);
  return folder;
}

if (!from) console.log('Skipped: there is no release to upgrade from. UPGRADE_FROM can name a commit.');
const describeIf = from ? describe : describe.skip;
describeIf(`from ${from}`, () => {
  let folder: string;
  let system: Compose;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'polyglot-notes-upgrade-'));
    const files = ['docker-compose.yml', 'docker-compose.replicas.yml', 'docker-compose.public.yml'];
    system = composeProject('polyglot-notes-test-upgrade', [...files, join(root, 'deploy/test/public.yml')], {
      PUBLIC_URL: `https://${host}`,
      SMTP_URL: 'smtp://mail-server:1025',
      MAIL_PORT: '11082',
      BCRYPT_COST: '4',
    });
  });
  afterAll(async () => {
    await system.remove();
    rmSync(folder, { recursive: true });
  });
  const instances = async () =>
    (await Promise.all(services.map((service) => system.containers(service)))).flat();

  test('an upgrade under load loses no request and no data', async () => {
    system.checkOut(checkoutOf(from ?? '', folder));
    await system.up('--build');
    const client = await clientThroughCaddy(system, host);
    const writing = writer(client, await newUser(client));
    const end = load(await usualCalls(client), 8);
    const old = await instances();

    system.checkOut(root);
    await system.compose('build');
    for (const migration of ['auth-migrate', 'user-migrate', 'notes-migrate'])
      await system.compose('run', '--rm', '--no-deps', '-T', migration);
    await system.replace(...services);

    const { good, bad } = await end();
    await writing.stop();
    const outcome = await writing.outcome();
    console.log(`${good} requests, ${bad.length} lost; ${outcome.notes} notes and ${outcome.people} people`);
    expect(bad).toEqual([]);
    expect(good).toBeGreaterThan(100);
    expect(outcome).toMatchObject({ lost: [], other: [] });

    const replaced = await instances();
    expect(replaced).toHaveLength(2 * services.length);
    expect(replaced.filter((id) => old.includes(id))).toEqual([]);
    await system.up();
    expect((await instances()).toSorted()).toEqual(replaced.toSorted());
  }, 900_000);
});
