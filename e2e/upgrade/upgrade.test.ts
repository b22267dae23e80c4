// Replaces a running system of the release before by this version, as docs/operations/upgrade.md says, while clients use it.
import { execFileSync } from 'node:child_process';
import { readFile, rm } from 'node:fs/promises';
import { Agent } from 'node:http';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import {
  checkOutRelease,
  releaseBefore,
  startInstancePairs,
  testServers,
  type InstancePairs,
} from '@polyglot-notes/local-stack/testing';
import { createClient, logIn, newUser, startLoad, until } from '@polyglot-notes/service-kit/testing';
import { noDrift, runReconcile } from '../resilience/reconcile-command.ts';
import { openStores } from '../stores.ts';

const release = releaseBefore();

// The order of docs/operations/upgrade.md, and a path of each that needs an access token.
const services = {
  'auth-service': '/api/auth/sessions',
  'user-service': '/api/users/me',
  'notes-service': '/api/notes',
};
const order = [...(Object.keys(services) as (keyof typeof services)[]), 'gateway'] as const;

(release === undefined ? describe.skip : describe)(`an upgrade from ${release}`, () => {
  let folder: string | undefined;
  let system: InstancePairs;
  beforeAll(async () => {
    folder = checkOutRelease(release!);
    // npm gives its scripts settings of its own, such as the folder of the project.
    const env = Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith('npm_')));
    execFileSync('npm', ['ci'], { cwd: folder, env, stdio: ['ignore', 'ignore', 'inherit'] });
    system = await startInstancePairs(testServers(), folder);
  });
  afterAll(async () => {
    await system?.close();
    if (folder !== undefined) await rm(folder, { recursive: true });
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
    const agent = new Agent({ keepAlive: true });
    const load = startLoad(createClient(system.urls.gateway, { agent }));
    const enough = async () => {
      const wanted = load.answered() + 200;
      await until(() => load.answered() >= wanted, 60_000);
    };
    await enough();
    await system.migrate();
    await enough();
    for (const service of order) {
      await system.replaceOldest(service);
      await enough();
      for (const url of system.instances('auth-service'))
        tokens.push(await logIn(createClient(url), observer));
      await expectAccepted(tokens);
      await system.replaceOldest(service);
      await enough();
    }
    const { failures, differences } = await load.stop();
    agent.destroy();
    expect({ failures, differences }).toEqual({ failures: [], differences: [] });
    await expectAccepted(tokens);
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
