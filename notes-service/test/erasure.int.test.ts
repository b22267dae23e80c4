import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { statuses } from '@polyglot-notes/service-kit/testing';
import pg from 'pg';
import { startService, type Service, type User } from './service.ts';

let service: Service;
let database: pg.Client;
beforeAll(async () => {
  service = await startService();
  database = new pg.Client({ connectionString: service.databaseUrl });
  await database.connect();
});
afterAll(async () => {
  await database.end();
  await service.close();
});

async function countNotes({ id }: User): Promise<number | undefined> {
  const sql = 'select count(*)::int as count from notes where user_id = $1';
  const { rows } = await database.query<{ count: number }>(sql, [id]);
  return rows[0]?.count;
}

const ownerOf = async ({ id }: User) =>
  (await service.owner(id)).data as { isErased: boolean; notes: number };
const nothing = { notes: 0, trashed: 0, versions: 0, idempotencyKeys: 0 };
const revoked = { status: 401, code: 'token_revoked' };

describe('the erasure of all notes of a user', () => {
  test('refuses every caller except user-service', async () => {
    const user = service.newUser();
    await user.create({ title: 'kept' });
    const path = `/internal/owners/${user.id}`;
    expect((await service.client.call('DELETE', path)).status).toBe(401);
    expect((await service.client.as(user.token).call('DELETE', path)).status).toBe(401);
    expect(await countNotes(user)).toBe(1);
  });

  test('answers 404 to a malformed id', async () => {
    expect((await service.erase('42')).status).toBe(404);
  });

  test('deletes all notes of that user only, including archived ones, and returns their number', async () => {
    const [user, other] = [service.newUser(), service.newUser()];
    await user.create({ title: 'a' });
    await user.create({ title: 'b', archived: true });
    const { body: note } = await other.create({ title: 'c' });
    expect(await service.erase(user.id)).toEqual({ status: 200, data: { ...nothing, notes: 2 } });
    expect([await countNotes(user), await countNotes(other)]).toEqual([0, 1]);
    expect((await other.patch(note.id, { title: 'd' })).status).toBe(200);
  });

  test('returns the same number when repeated', async () => {
    const user = service.newUser();
    await user.create({ title: 'a' });
    const first = await service.erase(user.id);
    expect(await service.erase(user.id)).toEqual(first);
  });

  test('returns the same number to concurrent requests', async () => {
    const user = service.newUser();
    await user.create({ title: 'a' });
    const answers = await Promise.all(Array.from({ length: 5 }, () => service.erase(user.id)));
    expect(answers).toEqual(
      Array.from({ length: 5 }, () => ({ status: 200, data: { ...nothing, notes: 1 } })),
    );
  });

  test('prevents the first write of a user who never had a note', async () => {
    const user = service.newUser();
    expect(await service.erase(user.id)).toEqual({ status: 200, data: nothing });
    expect((await user.create({ title: 'a' })).body).toMatchObject(revoked);
    expect(await countNotes(user)).toBe(0);
  });

  test('refuses every later write, and later reads find nothing', async () => {
    const user = service.newUser();
    const { body: note } = await user.create({ title: 'a' });
    await service.erase(user.id);
    for (const answer of [
      await user.create({ title: 'b' }),
      await user.patch(note.id, { title: 'b' }),
      await user.remove(note.id),
      await user.remove(randomUUID()),
    ]) {
      expect(answer.body).toMatchObject(revoked);
      expect(answer.headers['www-authenticate']).toBe('Bearer');
    }
    expect((await user.get(note.id)).status).toBe(404);
    expect((await user.list('?archived=any')).body.items).toEqual([]);
  });

  test('leaves no note of concurrent writes', async () => {
    for (let round = 0; round < 5; round++) {
      const user = service.newUser();
      const { body: note } = await user.create({ title: 'first' });
      const write = (i: number) =>
        i % 3 === 0 ? user.patch(note.id, { title: `t${i}` }) : user.create({ title: `t${i}` });
      const writeMany = () =>
        Array.from({ length: 20 }, async (_, i) => {
          const { status } = await write(i);
          return status;
        });
      const early = writeMany();
      await Promise.race(early);
      const erasing = service.erase(user.id);
      const late = writeMany();
      const { data } = await erasing;

      const answers = await Promise.all([...early, ...late]);
      expect(answers.filter((status) => ![200, 201, 401].includes(status))).toEqual([]);
      expect(data).toMatchObject({ notes: 1 + answers.filter((status) => status === 201).length });
      expect(await countNotes(user)).toBe(0);
      expect(statuses([await write(0), await write(1)])).toEqual([401, 401]);
    }
  });
});

describe('an owner', () => {
  test('without a row has no notes and is not erased', async () => {
    const id = randomUUID();
    expect(await service.owner(id)).toEqual({ status: 200, data: { id, isErased: false, notes: 0 } });
  });

  test('shows the number of notes and the erasure, alone and in the list', async () => {
    const [user, erased] = [service.newUser(), service.newUser()];
    await user.create({ title: 'a' });
    await erased.create({ title: 'b' });
    await service.erase(erased.id);
    const expected = [
      { id: user.id, isErased: false, notes: 1 },
      { id: erased.id, isErased: true, notes: 0 },
    ];
    expect([await ownerOf(user), await ownerOf(erased)]).toEqual(expected);
    const [first, second] = expected.toSorted((a, b) => (a.id < b.id ? -1 : 1));
    const listed = (await service.owners(first!.id)).data as { items: object[] };
    expect(listed.items).toContainEqual(second);
    expect(listed.items).not.toContainEqual(first);
  });
});
