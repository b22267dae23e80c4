// Backs up a system while clients write, loses its databases, restores them like an operator, and expects that nothing that
// was acknowledged before the backup is lost and that the stores agree.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { buildNote, login, newUser, until, type User } from '@polyglot-notes/service-kit/testing';
import { runBackup } from './backup-command.ts';
import { noDrift, runReconcile } from './reconcile-command.ts';
import { openStores, type Stores } from '../stores.ts';
import { startSystem, type System } from '../systems.ts';

let system: System;
let stores: Stores;
let folder: string;
beforeAll(async () => {
  system = await startSystem();
  stores = await openStores(system);
  folder = await mkdtemp(join(tmpdir(), 'polyglot-notes-backup-'));
});
afterAll(async () => {
  await stores.close();
  await system.close();
  await rm(folder, { recursive: true });
});

const run = (...args: string[]) => runBackup(system, folder, ...args);

interface Known {
  user: User;
  notes: string[];
  fate: keyof typeof expected;
}

const expected = {
  active: { status: 200, notes: new Set([200]), stored: 3 },
  deactivated: { status: 403, notes: new Set([401]), stored: 3 },
  deleted: { status: 401, notes: new Set([401]), stored: 0 },
};
const fates = ['active', 'deactivated', 'active', 'deleted'] as const;

/** Registers a user with notes, who may then be deactivated or deleted. Nothing is expected of answers under load. */
async function live(index: number, admin: User['call']): Promise<Known> {
  const user = await newUser(system.api);
  const notes: string[] = [];
  for (let count = 0; count < 3; count++) {
    const { status, body } = await user.call('POST', '/api/notes', { body: buildNote() });
    if (status === 201) notes.push(body.id);
  }
  const fate = fates[index % fates.length] ?? 'active';
  if (fate === 'deactivated') await user.call('DELETE', '/api/users/delete-me');
  if (fate === 'deleted') await admin('DELETE', `/api/users/${user.id}`);
  return { user, notes, fate };
}

/** Clients that do this until the returned function stops them. It resolves with how many users they were. */
function startLoad(admin: User['call']) {
  let isEnding = false;
  const clients = Array.from({ length: 6 }, async (_empty, client) => {
    let count = 0;
    for (; !isEnding; count++) await live(client + count, admin);
    return count;
  });
  return async () => {
    isEnding = true;
    return (await Promise.all(clients)).reduce((sum, count) => sum + count, 0);
  };
}

test('a backup under load restores all that was acknowledged before it', async () => {
  const { call: asAdmin } = await system.asAdmin();
  const known: Known[] = [];
  for (let index = 0; index < 12; index++) known.push(await live(index, asAdmin));
  const [first] = known;
  const cursor: string = (await first!.user.call('GET', '/api/notes/changes')).body.page.nextCursor;

  const endLoad = startLoad(asAdmin);
  const backup = await run('backup', '--keep', '1');
  expect(await endLoad()).toBeGreaterThan(6);
  expect(backup).toMatchObject({ code: 0 });
  const [name = ''] = /\d{4}-\d\d-\d\dT\d\d-\d\d-\d\dZ/.exec(backup.output) ?? [];

  expect(await run('restore', name)).toEqual({
    code: 1,
    output: expect.stringMatching(/ in use, by \d+ conn/),
  });
  await Promise.all(
    (['gateway', 'notes-service', 'user-service', 'auth-service'] as const).map((each) => system.stop(each)),
  );
  await stores.loseAll();
  await stores.close();
  const restored = await run('restore', name);
  expect(restored).toMatchObject({ code: 0 });
  expect(restored.output).toContain('are lost');

  await system.start('auth-service', 'user-service', 'notes-service');
  stores = await openStores(system);
  expect(await runReconcile(system, '--repair')).toMatchObject({ code: 0 });
  expect(await runReconcile(system)).toEqual(noDrift);
  await system.start('gateway');
  const metrics = async () => (await fetch(system.metricsUrls['user-service'])).text();
  await until(async () => /^backup_completed_timestamp_seconds 0$/m.test(await metrics()));

  for (const { user, notes, fate } of known) {
    const { status, body } = await login(system.api, user);
    const { call } = system.api.as(body.accessToken);
    const read = await Promise.all(notes.map((id) => call('GET', `/api/notes/${id}`)));
    const found = {
      status,
      notes: new Set(read.map((answer) => answer.status)),
      stored: await stores.countNotes(user.id),
    };
    expect({ fate, ...found }).toEqual({ fate, ...expected[fate] });
  }
  // Tokens from before are refused, and their sessions go on.
  const { user } = first!;
  expect((await user.call('GET', '/api/users/me')).status).toBe(401);
  const { body: renewed } = await system.api.call('POST', '/api/auth/refresh', {
    body: { refreshToken: user.refreshToken },
  });
  const token: string = renewed.accessToken;
  // Clients may have seen later revisions than the restored ones.
  const changes = await system.api.call('GET', `/api/notes/changes?since=${cursor}`, { token });
  expect(changes.body).toMatchObject({ code: 'cursor_expired' });
  expect((await system.api.call('POST', '/api/notes', { token, body: buildNote() })).status).toBe(201);
  expect(await stores.notesFaults()).toEqual([]);
  expect(await stores.isActiveAdminSetRight()).toBe(true);
});
