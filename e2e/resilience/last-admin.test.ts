import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { logIn, newUser } from '@polyglot-notes/service-kit/testing';
import { systemForTests } from '../systems.ts';

// A system of its own: the rounds demote the first admin.
let system: Awaited<ReturnType<typeof systemForTests>>;
beforeAll(async () => {
  system = await systemForTests();
});
afterAll(() => system.close());

interface Party {
  id: string;
  email: string;
  password: string;
  token: string;
}

const setRole = (by: Party, { id }: Party, role: 'user' | 'admin') =>
  system.api.call('PATCH', `/api/users/${id}`, { token: by.token, body: { role } });
const withNewToken = async (party: Party): Promise<Party> => ({
  ...party,
  token: await logIn(system.api, party),
});

describe('two admins who demote each other at the same time', () => {
  test('never both lose the role, in 50 rounds', async () => {
    const admin = await system.asAdmin();
    const { id } = (await admin.call('GET', '/api/users/me')).body;
    let one: Party = await withNewToken({ ...system.admin, id, token: '' });
    let two: Party = await newUser(system.api);
    for (let round = 1; round <= 50; round++) {
      expect([round, (await setRole(one, two, 'admin')).status]).toEqual([round, 200]);
      two = await withNewToken(two);
      const answers = await Promise.all([setRole(one, two, 'user'), setRole(two, one, 'user')]);
      expect([round, answers.filter(({ status }) => status === 200).length]).toEqual([round, 1]);
      // The remaining admin can read the list; the other's token has been revoked.
      const access = await Promise.all(
        [one, two].map(({ token }) =>
          system.api.call('GET', '/api/users?role=admin&status=active', { token }),
        ),
      );
      const allowed = access.filter(({ status }) => status === 200);
      expect(allowed.map(({ body }) => body.items.length)).toEqual([1]);
      if (access[1]?.status === 200) [one, two] = [two, one];
      one = await withNewToken(one);
    }
    // A remote system keeps its first admin.
    if (one.id === id) return;
    await setRole(one, two, 'admin');
    await setRole(await withNewToken(two), one, 'user');
  });
});
