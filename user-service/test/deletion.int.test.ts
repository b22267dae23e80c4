import { randomUUID } from 'node:crypto';
import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { dropsConnection, answers500, neverAnswers } from '@polyglot-notes/service-kit/testing';
import { system } from '../src/profiles/account-events.ts';
import { startService } from './service.ts';

let service: Awaited<ReturnType<typeof startService>>;
let admin: Awaited<ReturnType<typeof service.newAdmin>>;
beforeAll(async () => {
  service = await startService();
  admin = await service.newAdmin();
});
afterAll(() => service.close());
afterEach(() => {
  service.authService.recover();
  service.notesService.recover();
});

const removed = {
  profile: 1,
  credentials: 1,
  sessions: 3,
  notes: 7,
  trashedNotes: 2,
  noteVersions: 30,
  idempotencyKeys: 1,
};
/** What earlier versions of the services do not count. */
const notCounted = { trashedNotes: 0, noteVersions: 0, idempotencyKeys: 0 };

describe('a hard deletion', () => {
  test('returns a receipt, the same at each repeat, and frees the username', async () => {
    const user = await service.newUser();
    const { status, body } = await admin.remove(user.id);
    expect(status).toBe(200);
    expect(body).toEqual({
      id: user.id,
      state: 'completed',
      removed,
      requestedAt: expect.stringMatching(/Z$/),
      completedAt: expect.stringMatching(/Z$/),
    });
    expect((await admin.remove(user.id)).body).toEqual(body);
    expect((await admin.get(user.id)).status).toBe(404);
    expect((await user.me()).body).toMatchObject({ status: 401, code: 'token_revoked' });
    expect(service.authService.account(user.id)).toBe('erased');
    expect(service.notesService.hasErased(user.id)).toBe(true);
    expect((await (await service.newUser({ username: user.username })).me()).body.username).toBe(
      user.username,
    );
  });

  test('counts what an earlier version of notes-service counts', async () => {
    const user = await service.newUser();
    const { answers } = service.notesService;
    const { erasure } = answers;
    answers.erasure = { notes: 7 };
    const { body } = await admin.remove(user.id);
    answers.erasure = erasure;
    expect(body).toMatchObject({ state: 'completed', removed: { ...removed, ...notCounted } });
  });

  test('shows a receipt that an earlier version has stored', async () => {
    const user = await service.newUser();
    await admin.remove(user.id);
    const names = Object.keys(notCounted).map((name) => [`receipt.removed.${name}`, '']);
    const profiles = service.context.db.collection<{ _id: string }>('profiles');
    await profiles.updateOne({ _id: user.id }, { $unset: Object.fromEntries(names) });
    expect((await admin.deletion(user.id)).body.removed).toEqual({ ...removed, ...notCounted });
  });

  test('leaves nothing personal behind', async () => {
    const user = await service.newUser();
    await admin.remove(user.id);
    const left = await service.context.db.collection<{ _id: string }>('profiles').findOne({ _id: user.id });
    expect(Object.keys(left ?? {}).toSorted()).toEqual(['_id', 'absentSince', 'receipt', 'state']);
  });

  test('works for a deactivated account', async () => {
    const user = await service.newUser();
    await user.deleteMe();
    expect((await admin.remove(user.id)).body).toMatchObject({ state: 'completed', removed });
  });

  test('works for an account without a credential in auth-service', async () => {
    const user = await service.newUser();
    service.authService.forget(user.id);
    expect((await admin.patch(user.id, { role: 'admin' })).body).toMatchObject({ status: 404 });
    expect((await admin.remove(user.id)).body).toMatchObject({ state: 'completed' });
  });

  test('happens once for many requests at once', async () => {
    const user = await service.newUser();
    const answers = await Promise.all(Array.from({ length: 6 }, () => admin.remove(user.id)));
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200]));
    expect(new Set(answers.map(({ body }) => JSON.stringify({ ...body, requestId: undefined }))).size).toBe(
      1,
    );
  });

  test.each([
    ['auth-service', () => service.authService, { before: dropsConnection }],
    ['auth-service, which never answers,', () => service.authService, { before: neverAnswers }],
    ['auth-service, whose answer is lost,', () => service.authService, { after: dropsConnection }],
    ['notes-service', () => service.notesService, { before: dropsConnection }],
    ['notes-service, which answers 500,', () => service.notesService, { before: answers500 }],
    ['notes-service, whose answer is lost,', () => service.notesService, { after: dropsConnection }],
  ])('is a 202 while %s is unavailable, and completes by itself', async (_what, peer, fault) => {
    const user = await service.newUser();
    Object.assign(peer().faults, fault);
    const { status, headers, body } = await admin.remove(user.id);
    const where = `/api/users/deletions/${user.id}`;
    expect([status, headers['location']]).toEqual([202, where]);
    const pending = { id: user.id, state: 'pending', requestedAt: expect.stringMatching(/Z$/) };
    expect(body).toEqual(pending);
    expect((await admin.deletion(user.id)).body).toEqual(body);
    expect((await admin.remove(user.id)).body).toEqual(body);
    expect((await user.me()).body).toMatchObject({ code: 'token_revoked' });
    expect((await admin.get(user.id)).body).toMatchObject({ status: 'deleting' });
    expect((await admin.list({ status: 'deleting', search: user.username })).body.items).toHaveLength(1);

    peer().recover();
    await service.allDelivered();
    const receipt = (await admin.deletion(user.id)).body;
    expect(receipt).toEqual({
      ...body,
      state: 'completed',
      removed,
      completedAt: expect.stringMatching(/Z$/),
    });
    expect((await admin.remove(user.id)).body).toEqual(receipt);
    expect(service.authService.account(user.id)).toBe('erased');
    expect(service.notesService.hasErased(user.id)).toBe(true);
  });

  test.each([
    ['auth-service', () => service.authService],
    ['notes-service', () => service.notesService],
  ])('completes once when %s fails twice and then works', async (_what, peer) => {
    const user = await service.newUser();
    let left = 2;
    peer().faults.before = (req, res) => {
      left--;
      if (left === 0) peer().recover();
      answers500(req, res);
    };
    expect((await admin.remove(user.id)).status).toBe(202);
    await service.allDelivered();
    expect((await admin.remove(user.id)).body).toMatchObject({ state: 'completed', removed });
  });

  test('cannot be cancelled, and erases what it can while one service is unavailable', async () => {
    const user = await service.newUser();
    service.notesService.faults.before = dropsConnection;
    expect((await admin.remove(user.id)).status).toBe(202);
    expect(service.authService.account(user.id)).toBe('erased');
    expect((await admin.patch(user.id, { status: 'active' })).body).toMatchObject({ status: 404 });
    expect((await admin.get(user.id)).body).toMatchObject({ status: 'deleting' });
  });

  test('is not undone by a change of an account that was read before', async () => {
    const { accounts, profiles } = service.context;
    const user = await service.newUser();
    const read = await profiles.find(user.id);
    service.notesService.faults.before = dropsConnection;
    await admin.remove(user.id);
    expect(await accounts.change(read!, { status: 'active' }, system)).toBeNull();
    const deleting = await profiles.find(user.id);
    expect(await accounts.change(deleting!, { status: 'active' }, system)).toBeNull();
  });

  test('is completed by the relay when the process died before it called a service', async () => {
    const { accounts, profiles, clock } = service.context;
    const user = await service.newUser();
    const read = await profiles.find(user.id);
    await accounts.change(read!, { status: 'deleting', deletion: { requestedAt: clock() } }, system);
    await service.allDelivered();
    expect((await admin.deletion(user.id)).body).toMatchObject({ state: 'completed', removed });
  });
});

describe('the state of a hard deletion', () => {
  test('is a 404 for an account that is not being deleted', async () => {
    const user = await service.newUser();
    for (const id of [user.id, randomUUID(), '42'])
      expect((await admin.deletion(id)).body).toMatchObject({ status: 404, code: 'not_found' });
  });

  test('has no receipt for a cancelled registration', async () => {
    const user = await service.newUser();
    await service.remove(user.id);
    expect((await admin.deletion(user.id)).status).toBe(404);
    expect((await admin.remove(user.id)).status).toBe(404);
  });

  test('keeps its receipt when the registration is cancelled at the same time', async () => {
    const user = await service.newUser();
    service.notesService.faults.before = dropsConnection;
    await admin.remove(user.id);
    await service.remove(user.id);
    service.notesService.recover();
    await service.allDelivered();
    expect((await admin.deletion(user.id)).body).toMatchObject({ state: 'completed' });
  });

  test('is completed by a repeat when its pending delivery is lost', async () => {
    const user = await service.newUser();
    service.notesService.faults.before = dropsConnection;
    await admin.remove(user.id);
    await service.context.db
      .collection<{ _id: string }>('profiles')
      .updateOne({ _id: user.id }, { $unset: { delivery: 1 } });
    service.notesService.recover();
    expect((await admin.remove(user.id)).status).toBe(200);
    expect((await admin.deletion(user.id)).body).toMatchObject({ state: 'completed' });
  });
});
