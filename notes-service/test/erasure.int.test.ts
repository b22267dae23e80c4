import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { statuses } from '@polyglot-notes/service-kit/testing';
import request from 'supertest';
import { startService } from './service.ts';

let service: Awaited<ReturnType<typeof startService>>;
beforeAll(async () => {
  service = await startService();
});
afterAll(() => service.close());

type User = ReturnType<typeof service.newUser>;
const kept = (user: User) => service.db.note.count({ where: { userId: user.id } });
const revoked = { status: 401, code: 'token_revoked' };

describe('erasing the notes of a user', () => {
  test('is for user-service alone', async () => {
    const user = service.newUser();
    await user.create({ title: 'kept' });
    const call = () => request(service.server).delete(`/internal/owners/${user.id}`);
    expect((await call()).status).toBe(401);
    const asUser = call().set('Authorization', `Bearer ${service.issuer.tokenFor(user.id)}`);
    expect((await asUser).status).toBe(401);
    expect(await kept(user)).toBe(1);
  });

  test('answers 404 to a malformed id', async () => {
    expect((await service.erase('42')).status).toBe(404);
  });

  test('destroys them all, archived ones too, and nobody else’s, and tells how many', async () => {
    const [user, other] = [service.newUser(), service.newUser()];
    await user.create({ title: 'a' });
    await user.create({ title: 'b', archived: true });
    await other.create({ title: 'c' });
    expect(await service.erase(user.id)).toEqual({ status: 200, data: { notes: 2 } });
    expect([await kept(user), await kept(other)]).toEqual([0, 1]);
    expect((await other.patch((await other.list()).body.items[0].id, { title: 'd' })).status).toBe(200);
  });

  test('tells the same when asked again', async () => {
    const user = service.newUser();
    await user.create({ title: 'a' });
    const first = await service.erase(user.id);
    expect(await service.erase(user.id)).toEqual(first);
  });

  test('of one who never wrote any leaves nothing to destroy, and no way to begin', async () => {
    const user = service.newUser();
    expect(await service.erase(user.id)).toEqual({ status: 200, data: { notes: 0 } });
    expect((await user.create({ title: 'a' })).body).toMatchObject(revoked);
    expect(await kept(user)).toBe(0);
  });

  test('refuses every later write, and lets reads find nothing', async () => {
    const user = service.newUser();
    const { body: note } = await user.create({ title: 'a' });
    await service.erase(user.id);
    for (const response of [
      await user.create({ title: 'b' }),
      await user.patch(note.id, { title: 'b' }),
      await user.remove(note.id),
      await user.remove(randomUUID()),
    ]) {
      expect(response.body).toMatchObject(revoked);
      expect(response.headers['www-authenticate']).toBe('Bearer');
    }
    expect((await user.get(note.id)).status).toBe(404);
    expect((await user.list('?archived=any')).body.items).toEqual([]);
  });

  test('leaves not one note of those that are being written meanwhile', async () => {
    for (let round = 0; round < 5; round++) {
      const user = service.newUser();
      const { body: note } = await user.create({ title: 'first' });
      const write = (i: number) =>
        i % 3 === 0 ? user.patch(note.id, { title: `t${i}` }) : user.create({ title: `t${i}` });
      const early = Array.from({ length: 20 }, (_, i) => write(i));
      const written = early.map(async (call) => (await call).status);
      await Promise.race(written);
      const erasing = service.erase(user.id);
      const late = Array.from({ length: 20 }, (_, i) => write(i)).map(async (call) => (await call).status);
      const { data } = await erasing;

      const answers = await Promise.all([...written, ...late]);
      expect(answers.filter((status) => ![200, 201, 401].includes(status))).toEqual([]);
      expect(data).toEqual({ notes: 1 + answers.filter((status) => status === 201).length });
      expect(await kept(user)).toBe(0);
      expect(statuses([await write(0), await write(1)])).toEqual([401, 401]);
    }
  });

  test('counts once when it is asked for several times at once', async () => {
    const user = service.newUser();
    await user.create({ title: 'a' });
    const answers = await Promise.all(Array.from({ length: 5 }, () => service.erase(user.id)));
    expect(answers).toEqual(Array.from({ length: 5 }, () => ({ status: 200, data: { notes: 1 } })));
  });
});
