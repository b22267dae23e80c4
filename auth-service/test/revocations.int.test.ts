import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import request from 'supertest';
import { buildAccount } from '@polyglot-notes/service-kit/testing';
import { startService, deactivated } from './service.ts';

let service: Awaited<ReturnType<typeof startService>>;
beforeAll(async () => {
  service = await startService();
});
afterAll(() => service.close());

async function newUser() {
  const { body } = await service.register(buildAccount());
  return { id: String(body.user.id), token: String(body.accessToken) };
}
const subOf = (entry: object) => ('sub' in entry ? String(entry.sub) : undefined);
const revoke = (id: string) => service.putAccount(id, deactivated);

/** Reads all pages after a cursor. */
async function readAll(from?: string) {
  const first = await service.revocations(from);
  const entries = [...first.entries];
  let last = first;
  while (last.more) {
    last = await service.revocations(last.cursor);
    entries.push(...last.entries);
  }
  return { entries, cursor: last.cursor, whole: first.whole };
}

describe('the revocation feed', () => {
  test('has the revoked users and no others', async () => {
    const [user, erased, other] = [await newUser(), await newUser(), await newUser()];
    await revoke(user.id);
    await service.erase(erased.id);
    const { entries, whole } = await readAll();
    expect(whole).toBe(true);
    expect(entries).toContainEqual({ sub: user.id, minVer: 2 });
    expect(entries).toContainEqual({ sub: erased.id, minVer: Number.MAX_SAFE_INTEGER });
    expect(entries.map(subOf)).not.toContain(other.id);
  });

  test('continues after a cursor', async () => {
    const [early, late] = [await newUser(), await newUser()];
    await revoke(early.id);
    const credentials = service.context.db.collection<{ _id: string }>('credentials');
    await credentials.updateOne({ _id: early.id }, { $set: { revokedAt: new Date(Date.now() - 60_000) } });
    const { cursor } = await readAll();
    await revoke(late.id);
    const { entries, whole } = await readAll(cursor);
    expect(whole).toBe(false);
    expect(entries).toContainEqual({ sub: late.id, minVer: 2 });
    expect(entries.map(subOf)).not.toContain(early.id);
  });

  test('includes a revocation that was not visible yet when the previous page was read', async () => {
    const user = await newUser();
    await revoke(user.id);
    const credentials = service.context.db.collection<{ _id: string }>('credentials');
    const { cursor } = await readAll();
    // Its time is from before that page was read.
    await credentials.updateOne({ _id: user.id }, { $set: { revokedAt: new Date(Date.now() - 5_000) } });
    expect((await readAll(cursor)).entries).toContainEqual({ sub: user.id, minVer: 2 });
  });

  test('has each of thousands of revocations of one moment once', async () => {
    const revokedAt = new Date();
    const ids: string[] = Array.from({ length: 2_500 }, () => randomUUID());
    await service.context.db
      .collection<{ _id: string }>('erasures')
      .insertMany(
        ids
          .slice(0, 1_300)
          .map((_id) => ({ _id, credentials: 1, sessions: 0, erasedAt: revokedAt, revokedAt })),
      );
    await service.context.db.collection<{ _id: string }>('credentials').insertMany(
      ids.slice(1_300).map((_id) => ({
        _id,
        email: _id,
        accessRevocations: 1,
        passwordChanges: 0,
        logoutsOfAll: 0,
        revokedAt,
      })),
    );
    const { entries } = await readAll();
    const seen = entries.flatMap((entry) => subOf(entry) ?? []).filter((sub) => ids.includes(sub));
    expect(seen.toSorted()).toEqual(ids.toSorted());
  });

  test.each([
    ['of a database whose clock was ahead', () => `${Date.now() + 60_000}.`],
    ['from last week', () => `${Date.now() - 7 * 86_400_000}.`],
    ['that it did not issue', () => 'nonsense'],
  ])('starts over for a cursor %s', async (_what, cursor) => {
    expect(await service.revocations(cursor())).toMatchObject({ whole: true });
  });

  test('is for services only', async () => {
    const { token } = await newUser();
    const call = request(service.server).get('/internal/revocations');
    expect((await call.set('Authorization', `Bearer ${token}`)).status).toBe(401);
  });
});

describe('the list of pending deliveries', () => {
  test('is for admins only', async () => {
    const { token } = await newUser();
    const call = request(service.server).get('/api/auth/deliveries');
    expect((await call.set('Authorization', `Bearer ${token}`)).status).toBe(403);
  });
});
