import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { dropsConnection, scaled, until } from '@polyglot-notes/service-kit/testing';
import { system } from '../../src/profiles/account-events.ts';
import { startService } from '../service.ts';

type Service = Awaited<ReturnType<typeof startService>>;
type Admin = Awaited<ReturnType<Service['newAdmin']>>;
let service: Service;
let admin: Admin;
beforeAll(async () => {
  service = await startService();
});
beforeEach(async () => {
  await service.clear();
  admin = await service.newAdmin();
});
afterEach(() => service.authService.recover());
afterAll(() => service.close());

// Longer than the lease and the interval of the periodic pass.
const restoreMs = scaled(600) + 2_500;

const lastAdmin = { status: 409, code: 'last_admin' };

const read = async (id: string) => (await service.context.profiles.find(id))!;

async function isAdmin(id: string): Promise<boolean> {
  const account = await service.context.profiles.find(id);
  return account?.role === 'admin' && account.status === 'active';
}

const isInSet = (id: string) => service.context.activeAdmins.has(id);

/** Removes an admin from the set as a process does that dies before it changes the account. */
async function removeAndDie(id: string): Promise<void> {
  await service.context.activeAdmins.remove(id, (await read(id)).accountVersion);
}

describe('the last active admin', () => {
  test.each([
    ['demoted', () => admin.patch(admin.id, { role: 'user' })],
    ['deactivated', () => admin.patch(admin.id, { status: 'deactivated' })],
    ['deactivated by the admin', () => admin.deleteMe()],
    ['hard-deleted', () => admin.remove(admin.id)],
  ])('is not %s', async (_what, attempt) => {
    expect((await attempt()).body).toMatchObject(lastAdmin);
    expect((await admin.me()).body).toMatchObject({ role: 'admin', status: 'active' });
  });

  test('is the last one although a deactivated admin exists', async () => {
    const other = await service.newAdmin(admin);
    await admin.patch(other.id, { status: 'deactivated' });
    expect((await admin.deleteMe()).body).toMatchObject(lastAdmin);
  });

  test('can be demoted once the other admin is reactivated', async () => {
    const other = await service.newAdmin(admin);
    await admin.patch(other.id, { status: 'deactivated' });
    await admin.patch(other.id, { status: 'active' });
    expect((await admin.patch(admin.id, { role: 'user' })).status).toBe(200);
    const reactivated = await service.logIn(other.id);
    expect((await reactivated.patch(admin.id, { role: 'admin' })).status).toBe(200);
  });

  test('is the last one once the other admin is hard-deleted', async () => {
    const other = await service.newAdmin(admin);
    expect((await admin.remove(other.id)).status).toBe(200);
    expect((await admin.deleteMe()).body).toMatchObject(lastAdmin);
  });

  test('is the last one until auth-service has confirmed another admin', async () => {
    const user = await service.newUser();
    service.authService.faults.before = dropsConnection;
    expect((await admin.patch(user.id, { role: 'admin' })).status).toBe(202);
    expect((await admin.deleteMe()).body).toMatchObject(lastAdmin);
    service.authService.recover();
    await service.allDelivered();
    expect((await admin.patch(admin.id, { role: 'user' })).status).toBe(200);
  });

  test('is the last one while the other is being deactivated and auth-service is unavailable', async () => {
    const other = await service.newAdmin(admin);
    service.authService.faults.before = dropsConnection;
    expect((await admin.patch(other.id, { status: 'deactivated' })).status).toBe(202);
    expect((await admin.deleteMe()).body).toMatchObject(lastAdmin);
  });

  test('is unchanged, without a pending delivery, after a refused demotion', async () => {
    const before = await read(admin.id);
    expect((await admin.deleteMe()).body).toMatchObject(lastAdmin);
    expect(await read(admin.id)).toEqual(before);
    expect(await service.context.deliveries.count(undefined)).toBe(0);
  });
});

describe('an admin whose demotion fails because of another field', () => {
  test('still counts', async () => {
    const [other, user] = [await service.newAdmin(admin), await service.newUser()];
    const refused = await admin.patch(other.id, { role: 'user', username: user.username });
    expect(refused.body).toMatchObject({ code: 'username_taken' });
    expect((await other.patch(admin.id, { role: 'user' })).status).toBe(200);
  });
});

describe('an active admin who is missing in the set', () => {
  test('counts when the role is requested again', async () => {
    const other = await service.newAdmin(admin);
    await removeAndDie(other.id);
    expect((await admin.deleteMe()).body).toMatchObject(lastAdmin);
    expect((await admin.patch(other.id, { role: 'admin' })).status).toBe(200);
    expect((await admin.patch(admin.id, { role: 'user' })).status).toBe(200);
  });
});

describe('a demotion whose process dies after the removal from the set', () => {
  test('leaves an admin who counts again without a further request', async () => {
    const other = await service.newAdmin(admin);
    await removeAndDie(other.id);
    expect(await isInSet(other.id)).toBe(false);
    await until(() => isInSet(other.id), 60_000);
    expect(await isAdmin(other.id)).toBe(true);
    expect(service.authService.account(other.id)).toMatchObject({ role: 'admin' });
  });

  test('leaves an admin who counts when the account changed meanwhile', async () => {
    const other = await service.newAdmin(admin);
    const before = await read(other.id);
    await removeAndDie(other.id);
    expect((await admin.patch(other.id, { role: 'admin' })).status).toBe(200);
    expect(await service.context.accounts.change(before, { role: 'user' }, system)).toBeNull();
    expect(await isInSet(other.id)).toBe(true);
    // A process that read the account before removes it again and dies.
    await service.context.activeAdmins.remove(other.id, before.accountVersion);
    await until(() => isInSet(other.id), 60_000);
  });
});

describe('an admin of a restored backup whom auth-service stores as a user', () => {
  test('is not added to the set by anything but a repair', async () => {
    const other = await service.newAdmin(admin);
    await removeAndDie(other.id);
    const { accountVersion } = await read(other.id);
    const demoted = {
      accountVersion: accountVersion + 1,
      role: 'user',
      status: 'active',
      accessRevocations: 2,
      sessionRevocations: 0,
    };
    service.authService.store(other.id, demoted);
    expect((await admin.patch(other.id, { role: 'admin' })).status).toBe(200);
    await delay(restoreMs);
    expect(await isInSet(other.id)).toBe(false);
    expect(await read(other.id)).toMatchObject({ accountVersion });
    expect(service.authService.account(other.id)).toEqual(demoted);
  });
});

describe('a set that is later than the account, as after a restored backup', () => {
  test('does not prevent a demotion', async () => {
    const other = await service.newAdmin(admin);
    const { accountVersion } = await read(other.id);
    await service.context.activeAdmins.add(other.id, accountVersion + 3);
    expect((await admin.patch(other.id, { role: 'user' })).status).toBe(200);
    expect(await isInSet(other.id)).toBe(false);
  });
});

describe('an admin without a credential in auth-service', () => {
  test('does not count', async () => {
    const user = await service.newUser();
    service.authService.forget(user.id);
    expect((await admin.patch(user.id, { role: 'admin' })).body).toMatchObject({ status: 404 });
    expect((await admin.deleteMe()).body).toMatchObject(lastAdmin);
  });
});

describe('the active-admin set', () => {
  test('adds only a version later than the one that was removed', async () => {
    const { activeAdmins } = service.context;
    const { id } = await service.newUser();
    await activeAdmins.remove(id, 5);
    for (const version of [4, 5]) {
      await activeAdmins.add(id, version);
      expect(await isInSet(id)).toBe(false);
    }
    await activeAdmins.add(id, 6);
    expect(await isInSet(id)).toBe(true);
    await activeAdmins.remove(id, 6);
    await activeAdmins.add(id, 5);
    expect(await isInSet(id)).toBe(false);
  });

  test('removes no id, in it or not, without another one in it', async () => {
    const { activeAdmins } = service.context;
    const { id } = await service.newUser();
    await expect(activeAdmins.remove(admin.id, 9)).rejects.toMatchObject({ type: { code: 'last_admin' } });
    await activeAdmins.remove(id, 1);
    await service.clear();
    await expect(activeAdmins.remove(id, 1)).rejects.toMatchObject({ type: { code: 'last_admin' } });
  });
});

describe('two admins who demote each other at once', () => {
  test('leave one of them, 50 times', async () => {
    let [one, other]: Admin[] = [admin, await service.newAdmin(admin)];
    for (let round = 0; round < 50; round++) {
      const answers = await Promise.all([
        one!.patch(other!.id, { role: 'user' }),
        other!.patch(one!.id, { role: 'user' }),
      ]);
      const left = [await isAdmin(one!.id), await isAdmin(other!.id)];
      expect([round, ...left].filter((is) => is === true)).toHaveLength(1);
      expect(answers.filter(({ status }) => status === 200)).toHaveLength(1);
      if (left[1]) [one, other] = [other, one];
      expect((await one!.patch(other!.id, { role: 'admin' })).status).toBe(200);
      other = { ...other!, ...(await service.logIn(other!.id)) };
    }
  });
});

describe('many admins who all leave at once', () => {
  test('leave one, whichever way they go', async () => {
    const others = [];
    for (let i = 0; i < 7; i++) others.push(await service.newAdmin(admin));
    const all = [admin, ...others];
    const ways = [
      (one: Admin) => one.deleteMe(),
      (one: Admin) => one.remove(one.id),
      (one: Admin) => one.patch(one.id, { role: 'user' }),
    ];
    await Promise.all(all.map((one, index) => ways[index % 3]!(one)));
    const left = await Promise.all(all.map(({ id }) => isAdmin(id)));
    expect(left.filter(Boolean)).toHaveLength(1);
    const last = all[left.indexOf(true)]!;
    expect((await last.deleteMe()).body).toMatchObject(lastAdmin);
  });
});

describe('an account that is promoted and demoted at once, again and again', () => {
  test('never lets the other admin go while it is none', async () => {
    const user = await service.newUser();
    for (let round = 0; round < 20; round++) {
      await Promise.all([
        admin.patch(user.id, { role: 'admin' }),
        admin.patch(user.id, { role: 'user' }),
        admin.patch(user.id, { status: 'deactivated' }),
        admin.patch(user.id, { status: 'active' }),
      ]);
      const admins = (await isAdmin(user.id)) ? [admin.id, user.id] : [admin.id];
      const ids = await service.context.activeAdmins.all();
      // An id that is not an active admin must never be in the set. A missing one does no harm for a moment.
      expect(admins).toEqual(expect.arrayContaining(ids));
      expect(ids).toContain(admin.id);
    }
  });
});
