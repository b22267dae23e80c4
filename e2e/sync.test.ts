// The offline client of packages/client/examples/sync.ts, on two devices of one user, against the running system.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { createClient } from '@polyglot-notes/client';
import { newUser } from '@polyglot-notes/service-kit/testing';
import { fileStore, openNotes, type State } from '../packages/client/examples/sync.ts';
import { api as sharedApi, urls } from './client.ts';

/** A device with its stored state, whose next answer can be lost. */
async function openDevice(token: string) {
  const kept: { json: string | undefined; losesAnswer: boolean } = { json: undefined, losesAnswer: false };
  const api = createClient({
    baseUrl: urls.gateway,
    token,
    async fetch(request: Request) {
      const response = await fetch(request);
      if (!kept.losesAnswer) return response;
      kept.losesAnswer = false;
      throw new TypeError('the answer was lost');
    },
  });
  const store = {
    load: async () => (kept.json === undefined ? undefined : (JSON.parse(kept.json) as State)),
    save: async (state: State) => void (kept.json = JSON.stringify(state)),
  };
  const notes = await openNotes(api, store);
  const contents = () => Object.fromEntries(notes.list().map(({ title, content }) => [title, content]));
  const idOf = (title: string) => notes.list().find((note) => note.title === title)?.id ?? '';
  return { ...notes, contents, idOf, kept, reopen: () => openNotes(api, store) };
}

/** Two devices of a new user that both have the notes with these titles. */
async function twoDevices(...titles: string[]) {
  const { token } = await newUser(sharedApi);
  const [one, two] = [await openDevice(token), await openDevice(token)];
  for (const title of titles) await one.create({ title, content: 'old' });
  await one.sync();
  await two.sync();
  return { token, one, two };
}

type Device = Awaited<ReturnType<typeof openDevice>>;
async function syncAll(one: Device, two: Device) {
  for (const device of [one, two, one]) await device.sync();
  expect(one.contents()).toEqual(two.contents());
  expect([one.pending(), two.pending(), one.refused(), two.refused()]).toEqual([0, 0, [], []]);
}

test('edits of different notes on two devices reach each other', async () => {
  const { one, two } = await twoDevices('a', 'b');
  await one.change(one.idOf('a'), { content: 'from one' });
  await one.change(one.idOf('a'), { pinned: true });
  await two.change(two.idOf('b'), { content: 'from two' });
  await two.create({ title: 'c', content: 'new' });
  await two.change(two.idOf('c'), { content: 'newer' });
  await syncAll(one, two);
  expect(one.contents()).toEqual({ a: 'from one', b: 'from two', c: 'newer' });
});

test('edits of the same note on two devices are both kept', async () => {
  const { one, two } = await twoDevices('a');
  await one.change(one.idOf('a'), { content: 'from one' });
  await two.change(two.idOf('a'), { content: 'from two' });
  await two.change(two.idOf('a'), { content: 'from two, twice' });
  await syncAll(one, two);
  expect(one.contents()).toEqual({ a: 'from one', 'a (copy)': 'from two, twice' });
});

test('an edit outlives a deletion on the other device', async () => {
  const { one, two } = await twoDevices('a', 'b');
  await one.remove(one.idOf('a'));
  await one.change(one.idOf('b'), { content: 'edited' });
  await two.change(two.idOf('a'), { content: 'edited' });
  await two.remove(two.idOf('b'));
  await syncAll(one, two);
  expect(one.contents()).toEqual({ 'a (copy)': 'edited', b: 'edited' });
});

const laterCursor = (cursor: string) => {
  const [owner, [rev, id, from]] = JSON.parse(Buffer.from(cursor, 'base64url').toString());
  return Buffer.from(JSON.stringify([owner, [rev + 1_000, id, from]])).toString('base64url');
};

test.each([
  ['an expired', laterCursor],
  ['a damaged', (cursor: string) => cursor.slice(1)],
])('%s cursor loses no edit, and removes what is gone', async (_what, spoil) => {
  const { token, one, two } = await twoDevices('a', 'b');
  await sharedApi.as(token).call('DELETE', `/api/notes/${one.idOf('b')}?permanent=true`);
  await two.change(two.idOf('a'), { content: 'unsent' });
  const state = JSON.parse(two.kept.json!) as State;
  two.kept.json = JSON.stringify({ ...state, cursor: spoil(state.cursor!) });
  const reopened = await two.reopen();
  await reopened.sync();
  expect(reopened.list()).toMatchObject([{ title: 'a', content: 'unsent' }]);
  await one.sync();
  expect(one.contents()).toEqual({ a: 'unsent' });
});

test('a repeated request whose answer was lost takes effect once', async () => {
  const { one, two } = await twoDevices('a', 'b');
  const lost = async () => {
    one.kept.losesAnswer = true;
    await expect(one.sync()).rejects.toThrow('the answer was lost');
  };
  await one.create({ title: 'c', content: 'created' });
  await lost();
  await one.sync();
  await one.change(one.idOf('a'), { content: 'changed', tags: [' Home', 'home'] });
  await lost();
  await one.sync();
  await one.remove(one.idOf('b'));
  await lost();
  await syncAll(one, two);
  expect(two.contents()).toEqual({ a: 'changed', c: 'created' });
});

test('a device that waits gets the edit of the other one', async () => {
  const { one, two } = await twoDevices('a');
  const waiting = two.sync({ wait: 25 });
  await one.change(one.idOf('a'), { content: 'new' });
  await one.sync();
  await waiting;
  expect(two.contents()).toEqual({ a: 'new' });
});

test('the state in a file outlives the process', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'polyglot-notes-sync-'));
  const { token } = await newUser(sharedApi);
  const open = () =>
    openNotes(createClient({ baseUrl: urls.gateway, token }), fileStore(join(folder, 'notes.json')));
  await (await open()).create({ title: 'a' });
  const notes = await open();
  expect(notes.pending()).toBe(1);
  await notes.sync();
  expect((await open()).list()).toMatchObject([{ title: 'a' }]);
  await rm(folder, { recursive: true });
});
