import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { breaks } from '@polyglot-notes/service-kit/testing';
import { startService } from './service.ts';

type Service = Awaited<ReturnType<typeof startService>>;
let service: Service;
let admin: Awaited<ReturnType<Service['newAdmin']>>;
beforeAll(async () => {
  service = await startService();
  admin = await service.newAdmin();
});
afterAll(() => service.close());
afterEach(() => service.authService.mend());

const lastAdmin = { status: 409, code: 'last_admin' };
const isAdmin = async (id: string) => {
  const account = await service.context.accounts.find(id);
  return account?.role === 'admin' && account.status === 'active';
};

describe('the last active admin', () => {
  test.each([
    ['demoted', () => admin.patch(admin.id, { role: 'user' })],
    ['switched off', () => admin.patch(admin.id, { status: 'deactivated' })],
    ['switched off by themselves', () => admin.deleteMe()],
    ['destroyed', () => admin.remove(admin.id)],
  ])('is not %s', async (_what, attempt) => {
    expect((await attempt()).body).toMatchObject(lastAdmin);
    expect((await admin.me()).body).toMatchObject({ role: 'admin', status: 'active' });
  });

  test('is not the last because of an admin who is switched off', async () => {
    const other = await service.newAdmin(admin);
    await admin.patch(other.id, { status: 'deactivated' });
    expect((await admin.deleteMe()).body).toMatchObject(lastAdmin);
    await admin.patch(other.id, { status: 'active' });
    expect((await admin.patch(admin.id, { role: 'user' })).status).toBe(200);
    const restored = await service.logIn(other.id);
    expect((await restored.patch(admin.id, { role: 'admin' })).status).toBe(200);
    admin = { ...admin, ...(await service.logIn(admin.id)) };
    expect((await admin.remove(other.id)).status).toBe(200);
    expect((await admin.deleteMe()).body).toMatchObject(lastAdmin);
  });

  test('is not the last because of one whom auth-service does not know as an admin yet', async () => {
    const user = await service.newUser();
    service.authService.faults.before = breaks;
    expect((await admin.patch(user.id, { role: 'admin' })).status).toBe(202);
    expect((await admin.deleteMe()).body).toMatchObject(lastAdmin);
    service.authService.mend();
    await service.allDelivered();
    const other = await service.logIn(user.id);
    expect((await admin.patch(admin.id, { role: 'user' })).status).toBe(200);
    admin = { ...user, ...other };
  });

  test('is not let go by one who is being switched off while auth-service is away', async () => {
    const other = await service.newAdmin(admin);
    service.authService.faults.before = breaks;
    expect((await admin.patch(other.id, { status: 'deactivated' })).status).toBe(202);
    expect((await admin.deleteMe()).body).toMatchObject(lastAdmin);
  });
});

describe('an admin whose demotion fails because of another field', () => {
  test('still counts', async () => {
    const [other, user] = [await service.newAdmin(admin), await service.newUser()];
    const refused = await admin.patch(other.id, { role: 'user', username: user.username });
    expect(refused.body).toMatchObject({ code: 'username_taken' });
    expect((await other.patch(admin.id, { role: 'user' })).status).toBe(200);
    admin = other;
  });
});

describe('an admin whom an accident has left out of the gate', () => {
  test('counts when the role is asked for again', async () => {
    const other = await service.newAdmin(admin);
    const { accountVersion } = (await service.context.accounts.find(other.id))!;
    await service.context.activeAdmins.leave(other.id, accountVersion);
    expect((await admin.deleteMe()).body).toMatchObject(lastAdmin);
    expect((await admin.patch(other.id, { role: 'admin' })).status).toBe(200);
    expect((await admin.patch(admin.id, { role: 'user' })).status).toBe(200);
    expect((await other.patch(admin.id, { role: 'admin' })).status).toBe(200);
    admin = { ...admin, ...(await service.logIn(admin.id)) };
    await admin.patch(other.id, { role: 'user' });
  });
});

describe('a demotion whose process dies after the admin has left the gate', () => {
  test('leaves them counted, also when somebody else has the account told meanwhile', async () => {
    const other = await service.newAdmin(admin);
    const { accounts, activeAdmins } = service.context;
    const read = (await accounts.find(other.id))!;
    expect(await accounts.guard(read)).toBeDefined();
    // Somebody asks for the role that they have, which tells auth-service what is marked.
    expect((await admin.patch(other.id, { role: 'admin' })).status).toBe(200);
    expect(await activeAdmins.leave(other.id, read.accountVersion)).toBe('later');
    expect(await accounts.change(read, { role: 'user' }, {}, new Date())).toBeUndefined();
    await service.allDelivered();
    expect(await activeAdmins.has(other.id)).toBe(true);
    await admin.patch(other.id, { role: 'user' });
  });

  test('leaves them counted when nobody else does anything', async () => {
    const other = await service.newAdmin(admin);
    const { accounts, activeAdmins } = service.context;
    const read = (await accounts.find(other.id))!;
    await accounts.guard(read);
    await activeAdmins.leave(other.id, read.accountVersion);
    await service.allDelivered();
    expect(await activeAdmins.has(other.id)).toBe(true);
    await admin.patch(other.id, { role: 'user' });
  });
});

describe('a refused demotion of the last admin', () => {
  test('leaves the account, and what is to be told of it, as it was', async () => {
    const { accounts, deliveries } = service.context;
    const before = await accounts.find(admin.id);
    expect((await admin.deleteMe()).body).toMatchObject(lastAdmin);
    expect(await accounts.find(admin.id)).toEqual(before);
    expect(await deliveries.count(undefined)).toBe(0);
  });
});

describe('a gate of a later moment than the account, as after a restored backup', () => {
  test('is caught up with', async () => {
    const other = await service.newAdmin(admin);
    const { accounts, activeAdmins } = service.context;
    const { accountVersion } = (await accounts.find(other.id))!;
    await activeAdmins.admit(other.id, accountVersion + 3);
    expect((await admin.patch(other.id, { role: 'user' })).status).toBe(200);
    expect(await activeAdmins.has(other.id)).toBe(false);
  });
});

describe('an admin whom auth-service does not know', () => {
  test('does not count', async () => {
    const user = await service.newUser();
    service.authService.forget(user.id);
    expect((await admin.patch(user.id, { role: 'admin' })).body).toMatchObject({ status: 404 });
    expect((await admin.deleteMe()).body).toMatchObject(lastAdmin);
  });
});

describe('the gate', () => {
  test('does not admit by a version that somebody has left by, or an earlier one', async () => {
    const { activeAdmins } = service.context;
    const { id } = await service.newUser();
    expect(await activeAdmins.leave(id, 5)).toBe('left');
    for (const version of [4, 5]) {
      await activeAdmins.admit(id, version);
      expect(await activeAdmins.has(id)).toBe(false);
    }
    await activeAdmins.admit(id, 6);
    expect(await activeAdmins.has(id)).toBe(true);
    // By a version before the one by which they are in, nobody leaves.
    expect(await activeAdmins.leave(id, 5)).toBe('later');
    expect(await activeAdmins.has(id)).toBe(true);
    expect(await activeAdmins.leave(id, 6)).toBe('left');
    await activeAdmins.admit(id, 5);
    expect(await activeAdmins.has(id)).toBe(false);
  });
});

describe('two admins who demote each other at once', () => {
  test('leave one of them, 50 times', async () => {
    let [one, other] = [admin, await service.newAdmin(admin)];
    for (let round = 0; round < 50; round++) {
      const answers = await Promise.all([
        one.patch(other.id, { role: 'user' }),
        other.patch(one.id, { role: 'user' }),
      ]);
      const left = [await isAdmin(one.id), await isAdmin(other.id)];
      expect([round, ...left].filter((is) => is === true)).toHaveLength(1);
      expect(answers.filter(({ status }) => status === 200)).toHaveLength(1);
      if (left[1]) [one, other] = [other, one];
      expect((await one.patch(other.id, { role: 'admin' })).status).toBe(200);
      other = { ...other, ...(await service.logIn(other.id)) };
    }
    admin = one;
    await one.patch(other.id, { role: 'user' });
  });
});

describe('many admins who all want to go at once', () => {
  test('leave one, whichever way they go', async () => {
    const others = [];
    for (let i = 0; i < 7; i++) others.push(await service.newAdmin(admin));
    const all = [admin, ...others];
    await Promise.all(
      all.map((one, index) =>
        index % 3 === 0
          ? one.deleteMe()
          : index % 3 === 1
            ? one.remove(one.id)
            : one.patch(one.id, { role: 'user' }),
      ),
    );
    const left = await Promise.all(all.map(({ id }) => isAdmin(id)));
    expect(left.filter(Boolean)).toHaveLength(1);
    admin = all[left.indexOf(true)]!;
    expect((await admin.deleteMe()).body).toMatchObject(lastAdmin);
  });
});

describe('an admin who is promoted and demoted at once, again and again', () => {
  test('never lets the other go while they are none', async () => {
    const user = await service.newUser();
    for (let round = 0; round < 20; round++) {
      await Promise.all([
        admin.patch(user.id, { role: 'admin' }),
        admin.patch(user.id, { role: 'user' }),
        admin.patch(user.id, { status: 'deactivated' }),
        admin.patch(user.id, { status: 'active' }),
      ]);
      const admins = (await isAdmin(user.id)) ? [admin.id, user.id] : [admin.id];
      const gate = await service.context.db
        .collection<{ _id: string; ids: string[] }>('activeAdmins')
        .findOne({ _id: 'admins' });
      // Somebody who is none must never be in it; that somebody who is one is not yet in it does no harm.
      expect(admins).toEqual(expect.arrayContaining(gate?.ids ?? []));
      expect(gate?.ids).toContain(admin.id);
    }
  });
});
