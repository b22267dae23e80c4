// Replaces a running system of the release before by this version, as docs/operations/upgrade.md says, while clients use it.
import { readFile } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import {
  root,
  startInstancePairs,
  testServers,
  type InstancePairs,
} from '@polyglot-notes/local-stack/testing';
import { createClient, logIn, newUser, until } from '@polyglot-notes/service-kit/testing';
import { noDrift, runReconcile } from '../resilience/reconcile-command.ts';
import { openStores } from '../stores.ts';
import { startLoad } from './load.ts';
import { checkOut, releaseBefore } from './release.ts';

const release = releaseBefore();
if (release === undefined)
  console.warn(
    'Left out: this clone has no earlier release. Fetch its tags, or set UPGRADE_FROM to a commit.',
  );

// The order of docs/operations/upgrade.md, and a path of each that needs an access token.
const services = {
  'auth-service': '/api/auth/sessions',
  'user-service': '/api/users/me',
  'notes-service': '/api/notes',
};
const order = [...(Object.keys(services) as (keyof typeof services)[]), 'gateway'] as const;

(release === undefined ? describe.skip : describe)(`an upgrade from ${release}`, () => {
  let checkout: ReturnType<typeof checkOut>;
  let system: InstancePairs;
  beforeAll(async () => {
    checkout = checkOut(release!);
    system = await startInstancePairs(testServers(), checkout.folder);
  });
  afterAll(async () => {
    await system?.close();
    checkout?.remove();
  });

  /** Whether every instance of each service accepts all tokens. */
  async function expectAccepted(tokens: readonly string[]): Promise<void> {
    for (const [service, path] of Object.entries(services))
      for (const url of system.instances(service as keyof typeof services))
        for (const token of tokens)
          expect({ url, ...(await createClient(url).call('GET', path, { token })) }).toMatchObject({
            url,
            status: 200,
          });
  }

  test('fails no request and loses no note', async () => {
    const observer = await newUser(createClient(system.urls.gateway));
    const tokens = [observer.token];
    const load = startLoad(system.urls.gateway);
    const enough = async () => {
      const wanted = load.answered() + 200;
      await until(() => load.answered() >= wanted, 60_000);
    };
    await enough();
    await system.migrate(root);
    await enough();
    for (const service of order) {
      await system.replaceOldest(service, root);
      await enough();
      for (const url of system.instances('auth-service'))
        tokens.push(await logIn(createClient(url), observer));
      await expectAccepted(tokens);
      await system.replaceOldest(service, root);
      await enough();
    }
    const { known, failures } = await load.stop();
    expect(failures).toEqual([]);
    await expectAccepted(tokens);

    const api = createClient(system.urls.gateway);
    for (const { user, notes } of known) {
      const { body } = await api.call('GET', '/api/notes?limit=100', { token: await logIn(api, user) });
      expect(new Set(body.items.map(({ id }: { id: string }) => id))).toEqual(new Set(notes));
    }
    expect(await runReconcile(system)).toEqual(noDrift);
    const stores = await openStores(system);
    expect(await stores.notesFaults()).toEqual([]);
    expect(await stores.isActiveAdminSetRight()).toBe(true);
    await stores.close();
    const logs = await Promise.all(system.logFiles.map((file) => readFile(file, 'utf8')));
    expect(
      logs.flatMap((log) => log.split('\n')).filter((line) => /"level":"(?:error|fatal)"/.test(line)),
    ).toEqual([]);
  });
});
