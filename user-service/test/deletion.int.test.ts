import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { breaks, fails, isSilent } from '@polyglot-notes/service-kit/testing';
import { startService } from './service.ts';

let service: Awaited<ReturnType<typeof startService>>;
let admin: Awaited<ReturnType<typeof service.newAdmin>>;
beforeAll(async () => {
  service = await startService();
  admin = await service.newAdmin();
});
afterAll(() => service.close());
afterEach(() => {
  service.authService.mend();
  service.notesService.mend();
});

const unavailable = { status: 503, code: 'service_unavailable' };
const removed = { profile: 1, credentials: 1, sessions: 0, notes: 7 };

describe('destroying a user', () => {
  test('answers with a receipt, the same at each repeat, and frees the username', async () => {
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

  test('leaves nothing personal behind', async () => {
    const user = await service.newUser();
    await admin.remove(user.id);
    const left = await service.context.db.collection<{ _id: string }>('profiles').findOne({ _id: user.id });
    expect(Object.keys(left ?? {}).toSorted()).toEqual(['_id', 'absentSince', 'receipt', 'state']);
  });

  test('works for an account that is switched off', async () => {
    const user = await service.newUser();
    await user.deleteMe();
    expect((await admin.remove(user.id)).body).toMatchObject({ state: 'completed', removed });
  });

  test('works for an account that auth-service does not know any more', async () => {
    const user = await service.newUser();
    await service.context.authService.erase(user.id);
    expect((await admin.patch(user.id, { role: 'admin' })).body).toMatchObject({ status: 404 });
    expect((await admin.remove(user.id)).body).toMatchObject({ state: 'completed' });
  });

  test('happens once when many ask at once', async () => {
    const user = await service.newUser();
    const answers = await Promise.all(Array.from({ length: 6 }, () => admin.remove(user.id)));
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200]));
    expect(new Set(answers.map(({ body }) => JSON.stringify({ ...body, requestId: undefined }))).size).toBe(
      1,
    );
  });

  test.each([
    ['auth-service', () => service.authService, breaks],
    ['auth-service, which never answers,', () => service.authService, isSilent],
    ['notes-service', () => service.notesService, breaks],
    ['notes-service, which has an accident,', () => service.notesService, fails],
  ])('is a 503 that leaves everything as before while %s is away', async (_what, peer, fault) => {
    const user = await service.newUser();
    const { body: before } = await user.me();
    peer().faults.before = fault;
    expect((await admin.remove(user.id)).body).toMatchObject(unavailable);
    peer().mend();
    expect((await user.me()).body).toEqual({ ...before, updatedAt: expect.any(String) });
    expect(service.authService.account(user.id) ?? { status: 'active' }).toMatchObject({ status: 'active' });
    expect(service.notesService.hasErased(user.id)).toBe(false);
    expect((await admin.remove(user.id)).body).toMatchObject({ state: 'completed', removed });
  });

  test('gives an account that was switched off back as it was', async () => {
    const user = await service.newUser();
    await user.deleteMe();
    service.notesService.faults.before = breaks;
    expect((await admin.remove(user.id)).body).toMatchObject(unavailable);
    expect((await admin.get(user.id)).body).toMatchObject({ status: 'deactivated' });
  });
});

describe('a deletion that has gone too far', () => {
  test('is not taken back by who has read it before', async () => {
    const { accounts, clock } = service.context;
    const user = await service.newUser();
    const read = await accounts.find(user.id);
    const deletion = { requestedAt: clock(), irrevocable: false };
    const marked = await accounts.change(read!, { status: 'deleting', deletion }, clock());
    if (typeof marked !== 'object') throw new Error('the account has moved on');
    expect(await accounts.makeIrrevocable(marked)).toBe(true);
    expect(await accounts.change(marked, { status: 'active', deletion: null }, clock())).toBeUndefined();
    expect((await admin.remove(user.id)).body).toMatchObject({ removed });
  });
});

describe('a deletion that got stuck half way', () => {
  async function stuck() {
    const user = await service.newUser();
    // The notes go, and then auth-service does not answer any more.
    service.notesService.faults.after = (req, res) => {
      const hasErased = req.method === 'DELETE';
      if (hasErased) service.authService.faults.before = breaks;
      res.writeHead(200, { 'Content-Type': 'application/json' }).end('{"notes":7}');
    };
    expect((await admin.remove(user.id)).body).toMatchObject(unavailable);
    service.authService.mend();
    service.notesService.mend();
    return user;
  }

  test('is carried on by its repeat, with the receipt of the whole', async () => {
    const user = await stuck();
    expect((await admin.remove(user.id)).body).toMatchObject({ state: 'completed', removed });
  });

  test('cannot be undone, and shows', async () => {
    const user = await stuck();
    expect((await admin.get(user.id)).body).toMatchObject({ status: 'deleting' });
    expect((await admin.list({ status: 'deleting', search: user.username })).body.items).toHaveLength(1);
    expect((await admin.patch(user.id, { status: 'active' })).body).toMatchObject({ status: 404 });
    expect((await user.me()).body).toMatchObject({ code: 'token_revoked' });
    expect((await admin.get(user.id)).body).toMatchObject({ status: 'deleting' });
    await admin.remove(user.id);
  });
});
