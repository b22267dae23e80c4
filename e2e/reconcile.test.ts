// The three stores are changed behind the system's back, as a restored backup does; then they are compared and repaired.
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { startTestSystem, testServers, type TestSystem } from '@polyglot-notes/local-stack/testing';
import { until } from '@polyglot-notes/service-kit/testing';
import { call as callAt, logIn, newUser, type CallOptions } from './client.ts';
import { noDrift, runReconcile } from './reconcile-command.ts';
import { openStores, type Stores } from './stores.ts';

let system: TestSystem;
let stores: Stores;
let adminToken: string;
beforeAll(async () => {
  system = await startTestSystem(testServers());
  stores = await openStores(system);
  adminToken = await logIn(system.admin, system.urls.gateway);
});
afterAll(async () => {
  await stores.close();
  await system.close();
});

const call = (method: string, path: string, options: CallOptions = {}) =>
  callAt(method, path, { baseUrl: system.urls.gateway, ...options });
const asAdmin = (method: string, path: string, body?: unknown) =>
  call(method, path, { token: adminToken, body });
const login = ({ email, password }: { email: string; password: string }) =>
  call('POST', '/api/auth/login', { body: { email, password } });

const reconcile = (...flags: string[]) => runReconcile(system, ...flags);

/** Somebody with a note. */
async function person() {
  const user = await newUser(system.urls.gateway);
  await user.call('POST', '/api/notes', { body: { title: 'a note' } });
  return user;
}

describe('the comparison of the three stores', () => {
  test('finds nothing where nothing is wrong', async () => {
    const [off, destroyed] = [await person(), await person(), await person()];
    await off.call('DELETE', '/api/users/delete-me');
    await asAdmin('DELETE', `/api/users/${destroyed.id}`);
    expect(await reconcile()).toEqual(noDrift);
  });

  const set = (fields: object) => ({ $set: fields });
  type Person = Awaited<ReturnType<typeof person>>;
  const drifts: [kinds: string, make: (user: Person) => Promise<unknown>][] = [
    ['missing_profile', ({ id }) => stores.profiles.deleteOne({ _id: id })],
    ['role', ({ id }) => stores.credentials.updateOne({ _id: id }, set({ role: 'admin' }))],
    ['status', ({ id }) => stores.credentials.updateOne({ _id: id }, set({ status: 'deactivated' }))],
    ['account_version', ({ id }) => stores.credentials.updateOne({ _id: id }, set({ accountVersion: 7 }))],
    [
      'account_version, profile_version',
      ({ id }) => stores.credentials.updateOne({ _id: id }, set({ accessRevocations: 3 })),
    ],
    ['email', ({ id }) => stores.profiles.updateOne({ _id: id }, set({ email: 'other@example.com' }))],
    ['profile_version', ({ id }) => stores.profiles.updateOne({ _id: id }, set({ version: 9 }))],
    [
      'active_admins',
      async ({ id }) => {
        await asAdmin('PATCH', `/api/users/${id}`, { role: 'admin' });
        await stores.gate.updateOne({ _id: 'admins' }, { $pull: { ids: id } } as object);
      },
    ],
    ['active_admins', ({ id }) => stores.gate.updateOne({ _id: 'admins' }, { $addToSet: { ids: id } })],
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

  test('names every difference, and repairs each when asked to', async () => {
    const made: Record<string, string> = {};
    for (const [kinds, make] of drifts) {
      const user = await person();
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
    ['missing_credential', ({ id }: Person) => stores.credentials.deleteOne({ _id: id })],
    [
      'orphaned_notes',
      async ({ id }: Person) => {
        await stores.credentials.deleteOne({ _id: id });
        await stores.profiles.deleteOne({ _id: id });
      },
    ],
  ])('names %s and leaves it to people, with the notes', async (kind, make) => {
    const user = await person();
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

  test('counts what it has found, for who watches', async () => {
    const user = await person();
    await stores.credentials.updateOne({ _id: user.id }, set({ role: 'admin' }));
    const metrics = async () => (await fetch(`${system.urls['user-service']}/metrics`)).text();
    await reconcile();
    expect(await metrics()).toContain('account_drift{kind="role"} 1');
    await reconcile('--repair');
    await reconcile();
    expect(await metrics()).toContain('account_drift{kind="role"} 0');
    expect(await metrics()).toMatch(/^account_drift_checked_timestamp_seconds \d+/m);
    expect((await call('GET', '/metrics')).status).toBe(404);
  });

  test('says so when it cannot ask a service', async () => {
    await system.stop('notes-service');
    const { code, output } = await reconcile();
    await system.start('notes-service');
    expect([code, output]).toEqual([2, expect.stringContaining('could not be compared')]);
  });
});

describe('a store that is restored from a backup', () => {
  /** An hour of life: somebody is destroyed, switched off, on, promoted, comes, and one writes on. */
  async function live() {
    const erased = await person();
    const off = await person();
    const promoted = await person();
    const backUp = {
      auth: await stores.backUp(stores.credentials, stores.erasures),
      user: await stores.backUp(stores.profiles, stores.gate),
      notes: await stores.backUpNotes(),
    };
    expect((await asAdmin('DELETE', `/api/users/${erased.id}`)).status).toBe(200);
    expect((await asAdmin('PATCH', `/api/users/${off.id}`, { status: 'deactivated' })).status).toBe(200);
    expect((await asAdmin('PATCH', `/api/users/${promoted.id}`, { role: 'admin' })).status).toBe(200);
    return { erased, off, promoted, backUp };
  }

  async function nothingLeftOf({ id }: { id: string }): Promise<void> {
    expect(await stores.credentials.countDocuments({ _id: id })).toBe(0);
    expect(await stores.profiles.countDocuments({ _id: id, state: 'present' })).toBe(0);
    expect(await stores.countNotes(id)).toBe(0);
  }

  test.each(['auth', 'user', 'notes'] as const)(
    '(%s) brings nobody back who was destroyed',
    async (which) => {
      const { erased, off, promoted, backUp } = await live();
      await backUp[which]();
      const { found, code } = await reconcile('--repair');
      expect({ which, code, erased: found[erased.id] }).toEqual({
        which,
        code: 0,
        erased: 'not_erased  repaired',
      });
      await nothingLeftOf(erased);
      expect((await login(erased)).status).toBe(401);
      expect(await reconcile()).toEqual(noDrift);
      // The later decision holds, whichever store has lost it.
      expect((await login(off)).body).toMatchObject({ code: 'account_deactivated' });
      expect((await login(promoted)).body.user).toMatchObject({ role: 'admin' });
      const token: string = (await login(promoted)).body.accessToken;
      expect((await call('GET', '/api/users', { token })).status).toBe(200);
      expect(await stores.countNotes(off.id)).toBe(1);
      await asAdmin('PATCH', `/api/users/${promoted.id}`, { role: 'user' });
    },
  );

  test('(auth) knows new passwords no more, and lets nobody in with a token of before', async () => {
    const user = await person();
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

  test('(user) does not undo what is decided before the stores are compared', async () => {
    const user = await person();
    const backUp = await stores.backUp(stores.profiles, stores.gate);
    for (const status of ['deactivated', 'active'])
      await asAdmin('PATCH', `/api/users/${user.id}`, { status });
    await backUp();
    await asAdmin('PATCH', `/api/users/${user.id}`, { status: 'deactivated' });
    await until(async () => (await login(user)).body.code === 'account_deactivated');
    expect(await reconcile('--repair')).toEqual({
      ...noDrift,
      output: 'Accounts about which the stores differ: 0, of which 0 are left.\n',
    });
    expect((await login(user)).body).toMatchObject({ code: 'account_deactivated' });
  });

  test('(user) has another decision of the same version followed', async () => {
    const user = await person();
    const backUp = await stores.backUp(stores.profiles, stores.gate);
    await asAdmin('PATCH', `/api/users/${user.id}`, { status: 'deactivated' });
    await backUp();
    await asAdmin('PATCH', `/api/users/${user.id}`, { role: 'admin' });
    await until(async () => (await login(user)).body.user?.role === 'admin');
    await until(async () => (await asAdmin('GET', '/api/users/deliveries')).body.items.length === 0);
    expect(await reconcile()).toEqual(noDrift);
    const token: string = (await login(user)).body.accessToken;
    expect((await call('GET', '/api/users', { token })).status).toBe(200);
    await asAdmin('PATCH', `/api/users/${user.id}`, { role: 'user' });
  });

  test('(user) does not give a lost role back when the last admin of that moment is refused something', async () => {
    const heir = await person();
    const own = (await asAdmin('GET', '/api/users/me')).body.id;
    const backUp = await stores.backUp(stores.profiles, stores.gate);
    await asAdmin('PATCH', `/api/users/${heir.id}`, { role: 'admin' });
    const heirToken: string = (await login(heir)).body.accessToken;
    const demote = { token: heirToken, body: { role: 'user' } };
    expect((await call('PATCH', `/api/users/${own}`, demote)).status).toBe(200);
    await backUp();
    // The one who was demoted is the only admin of the restored store, and cannot be let go there.
    await reconcile('--repair');
    expect((await login(system.admin)).body.user).toMatchObject({ role: 'user' });
    // The second time the heir is one again.
    expect(await reconcile('--repair')).toMatchObject({ code: 0 });
    const token: string = (await login(heir)).body.accessToken;
    expect((await call('GET', '/api/users', { token })).status).toBe(200);
    expect((await call('PATCH', `/api/users/${own}`, { token, body: { role: 'admin' } })).status).toBe(200);
    adminToken = (await login(system.admin)).body.accessToken;
    await asAdmin('PATCH', `/api/users/${heir.id}`, { role: 'user' });
  });

  test('(user) gives those who registered since a profile again', async () => {
    const restore = await stores.backUp(stores.profiles, stores.gate);
    const late = await person();
    await restore();
    expect(await reconcile('--repair')).toMatchObject({
      code: 0,
      found: { [late.id]: 'missing_profile  repaired' },
    });
    const token: string = (await login(late)).body.accessToken;
    expect((await call('GET', '/api/users/me', { token })).body).toMatchObject({
      id: late.id,
      email: late.email,
      username: `restored-${late.id.slice(0, 8)}`,
    });
    expect((await call('GET', '/api/notes', { token })).body.items).toHaveLength(1);
  });
});
