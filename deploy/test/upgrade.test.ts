// Upgrades a running system as docs/operations/upgrade.md says: from the newest release, or from the commit in UPGRADE_FROM.
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { checkOutRelease, releaseBefore } from '@polyglot-notes/local-stack/testing';
import { startLoad } from '@polyglot-notes/service-kit/testing';
import { clientThroughCaddy } from './clients.ts';
import { composeProject, root, type Compose } from './compose.ts';

const host = 'notes.home.arpa';
const services = ['auth-service', 'user-service', 'notes-service', 'gateway'];

const release = releaseBefore();
(release === undefined ? describe.skip : describe)(`from ${release}`, () => {
  let folder: string;
  let system: Compose;
  beforeAll(() => {
    folder = checkOutRelease(release!);
    const files = ['docker-compose.yml', 'docker-compose.replicas.yml', 'docker-compose.public.yml'];
    const settings = {
      PUBLIC_URL: `https://${host}`,
      SMTP_URL: 'smtp://mail-server:1025',
      MAIL_PORT: '11082',
      BCRYPT_COST: '4',
    };
    system = composeProject(
      'polyglot-notes-test-upgrade',
      [...files, join(root, 'deploy/test/public.yml')],
      settings,
      folder,
    );
  });
  afterAll(async () => {
    await system.remove();
    rmSync(folder, { recursive: true });
  });
  const instances = async () =>
    (await Promise.all(services.map((service) => system.containers(service)))).flat();

  test('an upgrade under load loses no request and no data', async () => {
    await system.up('--build');
    const client = await clientThroughCaddy(system, host);
    const load = startLoad(client, 8);
    const old = await instances();

    system.checkOut(root);
    await system.compose('build');
    for (const migration of ['auth-migrate', 'user-migrate', 'notes-migrate'])
      await system.compose('run', '--rm', '--no-deps', '-T', migration);
    await system.replace(...services);

    const { answered, ...faults } = await load.stop();
    console.log(`${answered} requests succeeded, ${faults.failures.length} failed`);
    expect(faults).toEqual({ failures: [], differences: [] });
    expect(answered).toBeGreaterThan(100);

    const replaced = await instances();
    expect(replaced).toHaveLength(2 * services.length);
    expect(replaced.filter((id) => old.includes(id))).toEqual([]);
    await system.up();
    expect((await instances()).toSorted()).toEqual(replaced.toSorted());
  }, 900_000);
});
