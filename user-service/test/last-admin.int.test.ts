import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { breaks, isSilent, until } from '@polyglot-notes/service-kit/testing';
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
    expect((await other.patch(admin.id, { role: 'admin' })).status).toBe(200);
    expect((await admin.remove(other.id)).status).toBe(200);
    expect((await admin.deleteMe()).body).toMatchObject(lastAdmin);
  });

  test('is still protected, and still an admin, after changes that auth-service could not follow', async () => {
    const other = await service.newAdmin(admin);
    const user = await service.newUser();
    service.authService.faults.before = breaks;
    expect((await admin.patch(other.id, { role: 'user' })).status).toBe(503);
    expect((await admin.patch(user.id, { role: 'admin' })).status).toBe(503);
    service.authService.mend();
    expect([await isAdmin(other.id), await isAdmin(user.id)]).toEqual([true, false]);
    // The two admins that remain count, and the user does not.
    expect((await admin.patch(other.id, { role: 'user' })).status).toBe(200);
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
    await service.context.adminGate.leave(other.id);
    expect((await admin.deleteMe()).body).toMatchObject(lastAdmin);
    expect((await admin.patch(other.id, { role: 'admin' })).status).toBe(200);
    expect((await admin.patch(admin.id, { role: 'user' })).status).toBe(200);
    expect((await other.patch(admin.id, { role: 'admin' })).status).toBe(200);
    await admin.patch(other.id, { role: 'user' });
  });
});

describe('two promotions at once while auth-service hangs', () => {
  test('make no admin and let nobody go', async () => {
    const user = await service.newUser();
    service.authService.faults.before = isSilent;
    const promote = async () => admin.patch(user.id, { role: 'admin' });
    const first = promote();
    await until(async () => (await service.context.accounts.find(user.id))?.role === 'admin');
    const answers = await Promise.all([first, promote(), promote()]);
    expect(answers.map(({ status }) => status)).toEqual([503, 503, 503]);
    service.authService.mend();
    expect((await admin.deleteMe()).body).toMatchObject(lastAdmin);
    expect((await user.me()).body).toMatchObject({ role: 'user' });
  });
});

describe('a demotion that fails of an admin who was not in the gate', () => {
  test('does not let them in', async () => {
    const other = await service.newAdmin(admin);
    await service.context.adminGate.leave(other.id);
    service.authService.faults.before = breaks;
    expect((await admin.patch(other.id, { role: 'user' })).status).toBe(503);
    service.authService.mend();
    expect(await service.context.adminGate.has(other.id)).toBe(false);
    await admin.patch(other.id, { role: 'user' });
  });
});

describe('the gate', () => {
  test('does not admit who has left since being announced', async () => {
    const { adminGate } = service.context;
    const { id } = await service.newUser();
    const ticket = await adminGate.announce(id);
    expect(await adminGate.leave(id)).toBe(true);
    await adminGate.admit(id, ticket);
    expect(await adminGate.has(id)).toBe(false);
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
        .collection<{ _id: string; ids: string[] }>('adminGate')
        .findOne({ _id: 'admins' });
      // Somebody who is none must never be in it; that somebody who is one is not yet in it does no harm.
      expect(admins).toEqual(expect.arrayContaining(gate?.ids ?? []));
      expect(gate?.ids).toContain(admin.id);
    }
  });
});
