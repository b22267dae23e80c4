// Kills a service at every step of every request that involves several services, and starts it again. The three stores must
// agree in the end, without a repair. The later work of a relay is not among the steps; chaos.test.ts kills at any moment.
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import {
  buildAccount,
  buildNote,
  login as loginAt,
  newUser,
  tokenIn,
  until,
  waitForMails,
  type CallOptions,
  type User,
} from '@polyglot-notes/service-kit/testing';
import { expectKept, startKillableSystem, type KillableSystem } from './kills.ts';
import { mailRequests } from './mail-requests.ts';
import { noteWrites, type Prepare } from './note-writes.ts';

let killable: KillableSystem;
beforeAll(async () => {
  killable = await startKillableSystem();
});
// A test that failed may have left a dead service behind.
beforeEach(() => killable.system.ensureRunning());
afterAll(() => killable.close());

const call = (method: string, path: string, options: CallOptions = {}) =>
  killable.system.api.call(method, path, options);
const asAdmin = async (method: string, path: string, options: CallOptions = {}) =>
  (await killable.system.asAdmin()).call(method, path, options);
const login = (credentials: { email: string; password: string }) => loginAt(killable.system.api, credentials);
const register = (body: object, options: CallOptions = {}) =>
  call('POST', '/api/auth/register', { body, ...options });

async function newUserWithNote() {
  const user = await newUser(killable.system.api);
  await user.call('POST', '/api/notes', { body: buildNote() });
  return user;
}

describe('registering', () => {
  test.each(['auth-service', 'user-service'] as const)(
    'is complete or leaves nothing, when %s dies at any step and the user does not try again',
    (service) =>
      killable.atEveryStep(service, 'register', async (kill) => {
        const account = buildAccount();
        const killed = await kill((options) => register(account, options));
        if (killed === undefined) return false;
        await killable.allDelivered();
        const credential = await killable.stores.credentials.findOne({ email: account.email });
        const profile = await killable.stores.profiles.findOne({ usernameLower: account.username });
        expect(credential?._id).toBe(profile?._id);
        expectKept(killed.answer, credential !== null);
        // Without a credential, another user can take the email and the username.
        const owner = credential === null ? { ...account, password: 'another password' } : account;
        expect((await register(owner)).status).toBe(credential === null ? 201 : 409);
        await killable.expectAgreement((await login(owner)).body.user.id);
        return true;
      }),
  );
});

describe('deactivating one’s own account', () => {
  test.each(['user-service', 'auth-service'] as const)(
    'takes effect in all stores or in none, when %s dies at any step',
    (service) =>
      killable.atEveryStep(service, 'delete-me', async (kill) => {
        const user = await newUserWithNote();
        const killed = await kill((options) => user.call('DELETE', '/api/users/delete-me', options));
        if (killed === undefined) return false;
        await killable.allDelivered();
        await killable.expectAgreement(user.id);
        const { status } = (await killable.stores.profiles.findOne({ _id: user.id })) as unknown as {
          status: string;
        };
        expectKept(killed.answer, status === 'deactivated');
        const [loggedIn, read] = status === 'deactivated' ? [403, 401] : [200, 200];
        expect((await login(user)).status).toBe(loggedIn);
        await until(async () => (await user.call('GET', '/api/notes')).status === read);
        return true;
      }),
  );
});

describe('confirming another email', () => {
  test.each(['auth-service', 'user-service'] as const)(
    'takes effect in both stores or in none, when %s dies at any step',
    (service) =>
      killable.atEveryStep(service, 'verify-email', async (kill) => {
        const user = await newUserWithNote();
        const { email: newEmail } = buildAccount();
        const body = { currentPassword: user.password, newEmail };
        await user.call('POST', '/api/auth/change-email', { body });
        const [mail] = await waitForMails(newEmail, 1);
        const token = tokenIn(mail!);
        const killed = await kill((options) =>
          user.call('POST', '/api/auth/verify-email', { body: { token }, ...options }),
        );
        if (killed === undefined) return false;
        await killable.allDelivered();
        await killable.expectAgreement(user.id);
        const isChanged = (await login({ ...user, email: newEmail })).status === 200;
        expectKept(killed.answer, isChanged);
        expect((await login(user)).status).toBe(isChanged ? 401 : 200);
        return true;
      }),
  );
});

describe('a change of role', () => {
  const changes = (['admin', 'user'] as const).flatMap((role) =>
    (['user-service', 'auth-service'] as const).map((service) => [role, service] as const),
  );

  test.each(changes)('to %s is the same in all stores, when %s dies at any step', (role, service) =>
    killable.atEveryStep(service, role === 'admin' ? 'promote' : 'demote', async (kill) => {
      const user = await newUserWithNote();
      const path = `/api/users/${user.id}`;
      if (role === 'user') await asAdmin('PATCH', path, { body: { role: 'admin' } });
      const killed = await kill((options) => asAdmin('PATCH', path, { body: { role }, ...options }));
      if (killed === undefined) return false;
      await killable.allDelivered();
      await killable.expectAgreement(user.id);
      const { body } = await login(user);
      expectKept(killed.answer, body.user.role === role);
      // A repeated request takes effect.
      expect((await asAdmin('PATCH', path, { body: { role } })).status).toBe(200);
      expect((await login(user)).body.user.role).toBe(role);
      if (role === 'admin') await asAdmin('PATCH', path, { body: { role: 'user' } });
      await killable.expectAgreement(user.id);
      return true;
    }),
  );
});

describe('deleting an account permanently', () => {
  test.each(['user-service', 'auth-service', 'notes-service'] as const)(
    'leaves nothing in any store or has not begun, when %s dies at any step',
    (service) =>
      killable.atEveryStep(service, 'hard delete', async (kill) => {
        const user = await newUserWithNote();
        await login(user);
        const path = `/api/users/${user.id}`;
        const killed = await kill((options) => asAdmin('DELETE', path, options));
        if (killed === undefined) return false;
        await killable.allDelivered();
        const profile = await killable.stores.profiles.findOne({ _id: user.id });
        const hasBegun = profile?.['state'] === 'absent';
        expectKept(killed.answer, hasBegun);
        if (!hasBegun) {
          await killable.expectAgreement(user.id);
          await asAdmin('DELETE', path);
        }
        const removed = { profile: 1, credentials: 1, sessions: 2, notes: 1 };
        const receipt = await asAdmin('GET', `/api/users/deletions/${user.id}`);
        expect(receipt.body).toMatchObject({ state: 'completed', removed });
        expect((await asAdmin('DELETE', path)).body).toEqual(receipt.body);
        expect(await killable.stores.credentials.countDocuments({ _id: user.id })).toBe(0);
        expect(await killable.stores.sessions.countDocuments({ userId: user.id })).toBe(0);
        expect(await killable.stores.countNotes(user.id)).toBe(0);
        expect((await register(user.account)).status).toBe(201);
        return true;
      }),
  );
});

// A stopped request keeps its connection to the database, or its slot for imports.
const stoppedAtOnce = { short: 10, long: 5 };
const stoppedOfWrite = 4;

/** A write that is killed at all its steps, at several at once by different users. */
const createWriteToKill = (prepare: Prepare) => {
  const users: Promise<User>[] = [];
  return {
    steps: 0,
    hasStep: true,
    async prepare(place: number) {
      const number = ++this.steps;
      const write = await prepare(await (users[place] ??= newUser(killable.system.api)));
      return { number, ...write, of: this };
    },
  };
};

/** Prepares the next writes to kill, of each kind as many as there is room for. */
const prepareNext = (writes: ReturnType<typeof createWriteToKill>[], room: number) => {
  const open = writes.filter(({ hasStep }) => hasStep);
  return Array.from({ length: Math.min(room, open.length * stoppedOfWrite) }, (_, index) =>
    open[index % open.length]!.prepare(Math.floor(index / open.length)),
  );
};

describe('every write of notes', () => {
  test('happens once when notes-service dies at any of its statements and the request is repeated', async () => {
    const { stores, killTogether } = killable;
    const short = Object.values(noteWrites.short).map(createWriteToKill);
    const long = Object.values(noteWrites.long).map(createWriteToKill);
    const all = [...short, ...long];
    while (all.some(({ hasStep }) => hasStep)) {
      const writes = await Promise.all([
        ...prepareNext(short, stoppedAtOnce.short),
        ...prepareNext(long, stoppedAtOnce.long),
      ]);
      const killed = await killTogether('notes-service', writes);
      expect(await stores.notesFaults()).toEqual([]);
      await Promise.all(
        writes.map(async ({ send, expectDone, of }, index) => {
          const { answer, isHeld } = killed[index]!;
          of.hasStep &&= isHeld;
          await expectDone(answer, await send({}));
        }),
      );
      expect(await stores.notesFaults()).toEqual([]);
    }
    // The transaction begins, locks the owner, writes, counts and commits.
    expect(Math.min(...all.map(({ steps }) => steps))).toBeGreaterThan(5);
  });
});

describe('every request about mails', () => {
  test('takes effect or can be repeated, and each link works, when auth-service dies after any of its writes', async () => {
    const { system, killTogether } = killable;
    const steps = [1, 2, 3, 4, 5, 6, 7, 8];
    const requests = await Promise.all(
      Object.entries(mailRequests).flatMap(([name, prepare]) =>
        steps.map(async (number) => {
          const user = await newUser(system.api);
          return { name, number, user, ...(await prepare(system.api, user)) };
        }),
      ),
    );
    const killed = await killTogether('auth-service', requests);
    await Promise.all(
      requests.map(async ({ user, send, expectDone }, index) => {
        await expectDone(killed[index]!.answer, () => send({}));
        await killable.allDelivered();
        await killable.expectAgreement(user.id);
      }),
    );
    const held = requests.filter((_, index) => killed[index]!.isHeld);
    expect(new Set(held.map(({ name }) => name)).size).toBe(Object.keys(mailRequests).length);
    expect(held.filter(({ number }) => number === steps.length)).toEqual([]);
  });
});
