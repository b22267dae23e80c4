// Changes the three stores past the services, like a restored backup, and then reconciles them.
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import {
  buildNote,
  login as loginAt,
  newUser,
  until,
  type CallOptions,
  type User,
} from '@polyglot-notes/service-kit/testing';
import { noDrift, runReconcile } from './reconcile-command.ts';
import { openStores, type Stores } from '../stores.ts';
import { startSystem, type System } from '../systems.ts';

let system: System;
let stores: Stores;
beforeAll(async () => {
  system = await startSystem();
  stores = await openStores(system);
});
beforeEach(() => system.ensureRunning());
afterAll(async () => {
  await stores.close();
  await system.close();
});

const call = (method: string, path: string, options: CallOptions = {}) =>
  system.api.call(method, path, options);
const asAdmin = async (method: string, path: string, body?: unknown) =>
  (await system.asAdmin()).call(method, path, { body });
const login = (credentials: { email: string; password: string }) => loginAt(system.api, credentials);

const reconcile = (...flags: string[]) => runReconcile(system, ...flags);

async function newUserWithNote() {
  const user = await newUser(system.api);
  await user.call('POST', '/api/notes', { body: buildNote() });
  return user;
}

describe('reconcile', () => {
  test('finds nothing when the stores agree', async () => {
    const [deactivated, deleted] = [
      await newUserWithNote(),
      await newUserWithNote(),
      await newUserWithNote(),
    ];
    await deactivated.call('DELETE', '/api/users/delete-me');
    await asAdmin('DELETE', `/api/users/${deleted.id}`);
    expect(await reconcile()).toEqual(noDrift);
  });

  const set = (fields: object) => ({ $set: fields });
  const drifts: [kinds: string, make: (user: User) => Promise<unknown>][] = [
    ['missing_profile', ({ id }) => stores.profiles.deleteOne({ _id: id })],
    ['role', ({ id }) => stores.credentials.updateOne({ _id: id }, set({ role: 'admin' }))],
    ['status', ({ id }) => stores.credentials.updateOne({ _id: id }, set({ status: 'deactivated' }))],
    ['account_version', ({ id }) => stores.credentials.updateOne({ _id: id }, set({ accountVersion: 7 }))],
    [
      'account_version, profile_version',
      ({ id }) => stores.credentials.updateOne({ _id: id }, set({ accessRevocations: 3 })),
    ],
    ['email', ({ id }) => stores.profiles.updateOne({ _id: id }, set({ email: 'other@example.com' }))],
    ['profile_version', ({ id }) => stores.profiles.updateOne({ _id: id }, set({ profileVersion: 9 }))],
    [
      'active_admins',
      async ({ id }) => {
        await asAdmin('PATCH', `/api/users/${id}`, { role: 'admin' });
        await stores.activeAdmins.updateOne({ _id: 'admins' }, { $pull: { ids: id } } as object);
      },
    ],
    [
      'active_admins',
      ({ id }) => stores.activeAdmins.updateOne({ _id: 'admins' }, { $addToSet: { ids: id } }),
    ],
    [
      'stuck',
      ({ id }) =>
        stores.profiles.updateOne(
          { _id: id },
          set({ delivery: { since: new Date(), dueAt: null, attempts: 1, fault: 'parked' } }),
        ),
    ],
    [
      'stuck',
      ({ id }) =>
        stores.credentials.updateOne(
          { _id: id },
          set({ delivery: { since: new Date(), dueAt: null, attempts: 1, fault: 'parked' } }),
        ),
    ],
  ];

  test('names every difference, and repairs each with --repair', async () => {
    const made: Record<string, string> = {};
    for (const [kinds, make] of drifts) {
      const user = await newUserWithNote();
      await make(user);
      made[user.id] = kinds;
    }
    expect(await reconcile()).toMatchObject({ code: 1, found: made });
    const { code, found } = await reconcile('--repair');
    expect(code).toBe(0);
    expect(found).toEqual(
      Object.fromEntries(Object.entries(made).map(([id, kinds]) => [id, `${kinds}  repaired`])),
    );
    expect(await reconcile()).toEqual(noDrift);
    for (const id of Object.keys(made)) expect(await stores.countNotes(id)).toBe(1);
  });

  test.each([
    ['missing_credential', ({ id }: User) => stores.credentials.deleteOne({ _id: id })],
    [
      'orphaned_notes',
      async ({ id }: User) => {
        await stores.credentials.deleteOne({ _id: id });
        await stores.profiles.deleteOne({ _id: id });
      },
    ],
  ])('names %s and leaves it, with the notes, to the operator', async (kind, make) => {
    const user = await newUserWithNote();
    const restore = await stores.backUp(stores.credentials, stores.profiles);
    await make(user);
    expect(await reconcile('--repair')).toMatchObject({
      code: 1,
      found: { [user.id]: `${kind}  left: ${kind}` },
    });
    expect(await stores.countNotes(user.id)).toBe(1);
    await restore();
    expect(await reconcile()).toEqual(noDrift);
  });

  test('exports the number of differences as a metric', async () => {
    const user = await newUserWithNote();
    await stores.credentials.updateOne({ _id: user.id }, set({ role: 'admin' }));
    const metrics = async () => (await fetch(system.metricsUrls['user-service'])).text();
    await reconcile();
    await until(async () => (await metrics()).includes('account_drift{kind="role"} 1'));
    expect(await metrics()).toMatch(/^account_drift_checked_timestamp_seconds \d+/m);
    await reconcile('--repair');
    await until(async () => (await metrics()).includes('account_drift{kind="role"} 0'));
    expect((await call('GET', '/metrics')).status).toBe(404);
  });

  test('reports a service that it cannot reach', async () => {
    await system.stop('notes-service');
    const { code, output } = await reconcile();
    await system.start('notes-service');
    expect([code, output]).toEqual([2, expect.stringContaining('could not be compared')]);
  });
});

describe('a store that is restored from a backup', () => {
  /** The changes after a backup: a user is deleted, one is deactivated, one is promoted. */
  async function changesAfterBackup() {
    const erased = await newUserWithNote();
    const deactivated = await newUserWithNote();
    const promoted = await newUserWithNote();
    const backUp = {
      auth: await stores.backUp(stores.credentials, stores.erasures),
      user: await stores.backUp(stores.profiles, stores.activeAdmins),
      notes: await stores.backUpNotes(),
    };
    expect((await asAdmin('DELETE', `/api/users/${erased.id}`)).status).toBe(200);
    expect((await asAdmin('PATCH', `/api/users/${deactivated.id}`, { status: 'deactivated' })).status).toBe(
      200,
    );
    expect((await asAdmin('PATCH', `/api/users/${promoted.id}`, { role: 'admin' })).status).toBe(200);
    return { erased, deactivated, promoted, backUp };
  }

  async function expectErased({ id }: { id: string }): Promise<void> {
    expect(await stores.credentials.countDocuments({ _id: id })).toBe(0);
    expect(await stores.profiles.countDocuments({ _id: id, state: 'present' })).toBe(0);
    expect(await stores.countNotes(id)).toBe(0);
  }

  test.each(['auth', 'user', 'notes'] as const)('(%s) restores no deleted user', async (which) => {
    const { erased, deactivated, promoted, backUp } = await changesAfterBackup();
    await backUp[which]();
    const { found, code } = await reconcile('--repair');
    expect({ which, code, erased: found[erased.id] }).toEqual({
      which,
      code: 0,
      erased: 'not_erased  repaired',
    });
    await expectErased(erased);
    expect((await login(erased)).status).toBe(401);
    expect(await reconcile()).toEqual(noDrift);
    // The later decision is kept, whichever store has lost it.
    expect((await login(deactivated)).body).toMatchObject({ code: 'account_deactivated' });
    expect((await login(promoted)).body.user).toMatchObject({ role: 'admin' });
    const token: string = (await login(promoted)).body.accessToken;
    expect((await call('GET', '/api/users', { token })).status).toBe(200);
    expect(await stores.countNotes(deactivated.id)).toBe(1);
    await asAdmin('PATCH', `/api/users/${promoted.id}`, { role: 'user' });
  });

  test('(auth) loses new passwords, and revokes the tokens issued since', async () => {
    const user = await newUserWithNote();
    const backUp = await stores.backUp(stores.credentials, stores.erasures);
    let token = user.token;
    let currentPassword = user.password;
    for (const newPassword of ['new correct horse', 'third correct horse']) {
      const body = { currentPassword, newPassword };
      const changed = await call('PATCH', '/api/auth/update-password', { token, body });
      expect(changed.status).toBe(200);
      [token, currentPassword] = [changed.body.accessToken, newPassword];
    }
    await backUp();
    expect(await reconcile('--repair')).toMatchObject({
      code: 0,
      found: { [user.id]: 'profile_version  repaired' },
    });
    expect(await reconcile()).toEqual(noDrift);
    expect((await call('GET', '/api/users/me', { token })).body).toMatchObject({ code: 'token_revoked' });
    const loggedIn = await login(user);
    expect((await call('GET', '/api/users/me', { token: loggedIn.body.accessToken })).status).toBe(200);
  });

  /** Resolves when the delivery of an account is parked. */
  const parked = (id: string) =>
    until(async () => {
      const { body } = await asAdmin('GET', '/api/users/deliveries?parked=true');
      return body.items.some((delivery: { id: string }) => delivery.id === id);
    });

  test('(user) parks a decision made before the reconciliation and does not undo it', async () => {
    const user = await newUserWithNote();
    const backUp = await stores.backUp(stores.profiles, stores.activeAdmins);
    for (const status of ['deactivated', 'active'])
      await asAdmin('PATCH', `/api/users/${user.id}`, { status });
    await backUp();
    const decided = await asAdmin('PATCH', `/api/users/${user.id}`, { status: 'deactivated' });
    expect(decided.status).toBe(202);
    await parked(user.id);
    expect(await reconcile('--repair')).toMatchObject({
      code: 0,
      found: { [user.id]: 'status, account_version, stuck  repaired' },
    });
    expect((await login(user)).body).toMatchObject({ code: 'account_deactivated' });
    expect(await reconcile()).toEqual(noDrift);
  });

  test('(user) applies the later of two decisions of the same version', async () => {
    const user = await newUserWithNote();
    const backUp = await stores.backUp(stores.profiles, stores.activeAdmins);
    await asAdmin('PATCH', `/api/users/${user.id}`, { status: 'deactivated' });
    await backUp();
    await asAdmin('PATCH', `/api/users/${user.id}`, { role: 'admin' });
    await parked(user.id);
    expect(await reconcile('--repair')).toMatchObject({ code: 0 });
    expect((await asAdmin('GET', '/api/users/deliveries')).body.items).toEqual([]);
    expect(await reconcile()).toEqual(noDrift);
    const token: string = (await login(user)).body.accessToken;
    expect((await call('GET', '/api/users', { token })).status).toBe(200);
    await asAdmin('PATCH', `/api/users/${user.id}`, { role: 'user' });
  });

  test('(user) does not restore a lost role when a change of the last admin is refused', async () => {
    const heir = await newUserWithNote();
    const own = (await asAdmin('GET', '/api/users/me')).body.id;
    const backUp = await stores.backUp(stores.profiles, stores.activeAdmins);
    await asAdmin('PATCH', `/api/users/${heir.id}`, { role: 'admin' });
    const heirToken: string = (await login(heir)).body.accessToken;
    const demote = { token: heirToken, body: { role: 'user' } };
    expect((await call('PATCH', `/api/users/${own}`, demote)).status).toBe(200);
    await backUp();
    // The demoted admin is the only admin of the restored store, which cannot demote them.
    await reconcile('--repair');
    expect((await login(system.admin)).body.user).toMatchObject({ role: 'user' });
    // The second repair finds the heir restored as an admin.
    expect(await reconcile('--repair')).toMatchObject({ code: 0 });
    const token: string = (await login(heir)).body.accessToken;
    expect((await call('GET', '/api/users', { token })).status).toBe(200);
    expect((await call('PATCH', `/api/users/${own}`, { token, body: { role: 'admin' } })).status).toBe(200);
    await asAdmin('PATCH', `/api/users/${heir.id}`, { role: 'user' });
  });

  test('(user) restores a profile for each user registered since', async () => {
    const restore = await stores.backUp(stores.profiles, stores.activeAdmins);
    const late = await newUserWithNote();
    await restore();
    expect(await reconcile('--repair')).toMatchObject({
      code: 0,
      found: { [late.id]: 'missing_profile  repaired' },
    });
    const token: string = (await login(late)).body.accessToken;
    expect((await call('GET', '/api/users/me', { token })).body).toMatchObject({
      id: late.id,
      email: late.email,
      username: `restored-${late.id.replaceAll('-', '').slice(0, 20)}`,
    });
    expect((await call('GET', '/api/notes', { token })).body.items).toHaveLength(1);
  });
});
