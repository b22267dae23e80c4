// The requests about accounts that involve several services, for the test that kills a service at each of their steps. The
// stores must agree in the end, without a repair.
import { expect } from '@jest/globals';
import {
  buildAccount,
  buildNote,
  login,
  newUser,
  tokenIn,
  until,
  waitForMails,
} from '@polyglot-notes/service-kit/testing';
import { expectKept, type Place, type RequestToKill } from './kills.ts';

async function newUserWithNote({ api }: Pick<Place, 'api'>) {
  const user = await newUser(api);
  await user.call('POST', '/api/notes', { body: buildNote() });
  return user;
}

const register: RequestToKill = {
  name: 'registering',
  outcome: 'is complete or leaves nothing, when the user does not try again',
  services: ['auth-service', 'user-service'],
  prepare: async ({ api, stores, expectAgreement }) => {
    const account = buildAccount();
    return {
      send: (options) => api.call('POST', '/api/auth/register', { body: account, ...options }),
      async *check({ answer }) {
        yield;
        const credential = await stores.credentials.findOne({ email: account.email });
        const profile = await stores.profiles.findOne({ usernameLower: account.username });
        expect(credential?._id).toBe(profile?._id);
        expectKept(answer, credential !== null);
        // Without a credential, another user can take the email and the username.
        const owner = credential === null ? { ...account, password: 'another password' } : account;
        const { status } = await api.call('POST', '/api/auth/register', { body: owner });
        expect(status).toBe(credential === null ? 201 : 409);
        await expectAgreement((await login(api, owner)).body.user.id);
      },
    };
  },
};

const deactivate: RequestToKill = {
  name: 'deactivating one’s own account',
  outcome: 'takes effect in all stores or in none',
  services: ['user-service', 'auth-service'],
  prepare: async (place) => {
    const { api, stores, expectAgreement } = place;
    const user = await newUserWithNote(place);
    return {
      send: (options) => user.call('DELETE', '/api/users/delete-me', options),
      async *check({ answer }) {
        yield;
        await expectAgreement(user.id);
        const { status } = (await stores.profiles.findOne({ _id: user.id })) as unknown as { status: string };
        expectKept(answer, status === 'deactivated');
        const [loggedIn, read] = status === 'deactivated' ? [403, 401] : [200, 200];
        expect((await login(api, user)).status).toBe(loggedIn);
        await until(async () => (await user.call('GET', '/api/notes')).status === read);
      },
    };
  },
};

const confirmEmail: RequestToKill = {
  name: 'confirming another email',
  outcome: 'takes effect in both stores or in none',
  services: ['auth-service', 'user-service'],
  prepare: async (place) => {
    const { api, expectAgreement } = place;
    const user = await newUserWithNote(place);
    const { email: newEmail } = buildAccount();
    const change = { currentPassword: user.password, newEmail };
    await user.call('POST', '/api/auth/change-email', { body: change });
    const [mail] = await waitForMails(newEmail, 1);
    const body = { token: tokenIn(mail!) };
    return {
      send: (options) => user.call('POST', '/api/auth/verify-email', { body, ...options }),
      async *check({ answer }) {
        yield;
        await expectAgreement(user.id);
        const isChanged = (await login(api, { ...user, email: newEmail })).status === 200;
        expectKept(answer, isChanged);
        expect((await login(api, user)).status).toBe(isChanged ? 401 : 200);
      },
    };
  },
};

const changeRole = (role: 'admin' | 'user'): RequestToKill => ({
  name: role === 'admin' ? 'promoting a user' : 'demoting an admin',
  outcome: 'is the same in all stores, and takes effect when it is repeated',
  services: ['user-service', 'auth-service'],
  prepare: async (place) => {
    const { admin, api, expectAgreement } = place;
    const user = await newUserWithNote(place);
    const path = `/api/users/${user.id}`;
    if (role === 'user') await admin.call('PATCH', path, { body: { role: 'admin' } });
    return {
      send: (options) => admin.call('PATCH', path, { body: { role }, ...options }),
      async *check({ answer }) {
        yield;
        await expectAgreement(user.id);
        expectKept(answer, (await login(api, user)).body.user.role === role);
        expect((await admin.call('PATCH', path, { body: { role } })).status).toBe(200);
        expect((await login(api, user)).body.user.role).toBe(role);
        if (role === 'admin') await admin.call('PATCH', path, { body: { role: 'user' } });
        await expectAgreement(user.id);
      },
    };
  },
});

const hardDelete: RequestToKill = {
  name: 'deleting an account permanently',
  outcome: 'leaves nothing in any store, or has not begun',
  services: ['user-service', 'auth-service', 'notes-service'],
  prepare: async (place) => {
    const { admin, api, stores, expectAgreement } = place;
    const user = await newUserWithNote(place);
    await login(api, user);
    const path = `/api/users/${user.id}`;
    return {
      send: (options) => admin.call('DELETE', path, options),
      async *check({ answer }) {
        yield;
        const profile = await stores.profiles.findOne({ _id: user.id });
        const hasBegun = profile?.['state'] === 'absent';
        expectKept(answer, hasBegun);
        if (!hasBegun) {
          await expectAgreement(user.id);
          await admin.call('DELETE', path);
        }
        const removed = { profile: 1, credentials: 1, sessions: 2, notes: 1 };
        const receipt = await admin.call('GET', `/api/users/deletions/${user.id}`);
        expect(receipt.body).toMatchObject({ state: 'completed', removed });
        expect((await admin.call('DELETE', path)).body).toEqual(receipt.body);
        expect(await stores.credentials.countDocuments({ _id: user.id })).toBe(0);
        expect(await stores.sessions.countDocuments({ userId: user.id })).toBe(0);
        expect(await stores.countNotes(user.id)).toBe(0);
        expect((await api.call('POST', '/api/auth/register', { body: user.account })).status).toBe(201);
      },
    };
  },
};

export const accountRequests = [
  register,
  deactivate,
  confirmEmail,
  changeRole('admin'),
  changeRole('user'),
  hardDelete,
];
