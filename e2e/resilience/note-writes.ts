// The requests that write notes, for the test that kills notes-service at each of their statements and then repeats them.
import { expect } from '@jest/globals';
import {
  newUser,
  unique,
  type Answer,
  type CallOptions,
  type User,
} from '@polyglot-notes/service-kit/testing';
import { expectKept, type Killed, type RequestToKill } from './kills.ts';

type Headers = Record<string, string>;

interface Write {
  send(this: void, headers: Headers): Promise<Answer>;
  /** Expects that the write has happened once, after it was killed and repeated. */
  expectDone(this: void, answer: Killed['answer'], repeated: Answer): Promise<void>;
}

/** Prepares a write of a user. */
type Prepare = (user: User) => Promise<Write>;

const notesOf = ({ call }: User) => {
  const at = (method: string, path: string, options: CallOptions = {}) =>
    call(method, `/api/notes${path}`, options);
  return {
    at,
    items: async (path: string) => (await at('GET', path)).body.items,
    titled: async (title: string) =>
      (await at('GET', '?limit=100')).body.items.filter((note: { title: string }) => note.title === title),
    async create(note: object): Promise<string> {
      const { status, body } = await at('POST', '', { body: note });
      expect(status).toBe(201);
      return `/${body.id}`;
    },
    version: async (path: string): Promise<number> => (await at('GET', path)).body.version,
  };
};

/** Expects that an acknowledged request and its repeat have the same answer. */
const expectSame = (answer: Killed['answer'], repeated: Answer) => {
  if (answer !== 'no answer' && answer.status < 300) expect(answer.body).toEqual(repeated.body);
};

/** A write of one note: the repeat has this status, and the note is then in this version. */
const change =
  (
    {
      method,
      suffix = '',
      body,
      status = 200,
    }: { method: string; suffix?: string; body?: object; status?: number },
    version: number,
    before: (notes: ReturnType<typeof notesOf>, path: string) => Promise<unknown> = async () => {},
  ): Prepare =>
  async (user) => {
    const notes = notesOf(user);
    const path = await notes.create({ title: 'first', tags: ['x'] });
    await before(notes, path);
    return {
      send: (headers) => notes.at(method, path + suffix, { body, headers }),
      async expectDone(_answer, repeated) {
        expect(repeated.status).toBe(status);
        expect(await notes.version(path)).toBe(version);
        const numbers = (await notes.items(`${path}/versions`)).map(
          (one: { version: number }) => one.version,
        );
        expect(numbers).toEqual(Array.from({ length: version }, (_, index) => version - index));
      },
    };
  };

const createWithKey: Prepare = async (user) => {
  const notes = notesOf(user);
  const title = unique();
  const key = { 'Idempotency-Key': title };
  return {
    send: (headers) => notes.at('POST', '', { body: { title }, headers: { ...key, ...headers } }),
    async expectDone(answer, repeated) {
      expect(repeated.status).toBe(201);
      expect(await notes.titled(title)).toEqual([repeated.body]);
      expectSame(answer, repeated);
    },
  };
};

const trash: Prepare = async (user) => {
  const notes = notesOf(user);
  const path = await notes.create({ title: 'trashed' });
  return {
    send: (headers) => notes.at('DELETE', path, { headers }),
    async expectDone(_answer, repeated) {
      expect(repeated.status).toBe(204);
      expect(await notes.items('/trash')).toMatchObject([{ id: path.slice(1), version: 2 }]);
      await notes.at('DELETE', '/trash');
    },
  };
};

const destroy: Prepare = async (user) => {
  const notes = notesOf(user);
  const path = await notes.create({ title: 'destroyed' });
  await notes.at('PATCH', path, { body: { content: 'changed' } });
  return {
    send: (headers) => notes.at('DELETE', `${path}?permanent=true`, { headers }),
    async expectDone(answer, repeated) {
      expect([204, 404]).toContain(repeated.status);
      expectKept(answer, repeated.status === 404);
      expect((await notes.at('POST', `${path}/restore`)).status).toBe(404);
    },
  };
};

const emptyTrash: Prepare = async (user) => {
  const notes = notesOf(user);
  for (const title of ['one', 'two']) await notes.at('DELETE', await notes.create({ title }));
  return {
    send: (headers) => notes.at('DELETE', '/trash', { headers }),
    async expectDone(answer, repeated) {
      expect([0, 2]).toContain(repeated.body.destroyed);
      expectKept(answer, repeated.body.destroyed === 0);
      expect(await notes.items('/trash')).toEqual([]);
    },
  };
};

const renameTag: Prepare = async (user) => {
  const notes = notesOf(user);
  const [tag, name] = [unique(), unique()];
  const paths: string[] = [];
  for (const tags of [[tag], [name, tag]]) paths.push(await notes.create({ title: 'tagged', tags }));
  return {
    send: (headers) => notes.at('PATCH', `/tags/${tag}`, { body: { name }, headers }),
    async expectDone(answer, repeated) {
      expect([0, 2]).toContain(repeated.body.changed);
      expectKept(answer, repeated.body.changed === 0);
      for (const path of paths)
        expect((await notes.at('GET', path)).body).toMatchObject({ version: 2, tags: [name] });
    },
  };
};

/** Changes a note, moves it to the trash and creates another one. A refused operation refuses the rest if it is atomic. */
const batch =
  (atomic: boolean): Prepare =>
  async (user) => {
    const notes = notesOf(user);
    const path = await notes.create({ title: 'first' });
    const id = path.slice(1);
    const title = unique();
    const operations = [
      { op: 'create', note: { title } },
      ...(atomic ? [] : [{ op: 'update', id, ifMatch: 9, note: { title: 'refused' } }]),
      { op: 'delete', id },
    ];
    return {
      send: (headers) =>
        notes.at('POST', '/batch', {
          body: { atomic, operations },
          headers: { 'Idempotency-Key': title, ...headers },
        }),
      async expectDone(answer, repeated) {
        const results: { status: number }[] = repeated.body.results;
        expect(results.map(({ status }) => status)).toEqual(atomic ? [201, 204] : [201, 412, 204]);
        expect(await notes.titled(title)).toMatchObject([{ version: 1 }]);
        expect(await notes.items('/trash')).toMatchObject([{ id, version: 2, title: 'first' }]);
        expectSame(answer, repeated);
        await notes.at('DELETE', '/trash');
      },
    };
  };

const importNotes: Prepare = async (user) => {
  const notes = notesOf(user);
  const count = async (): Promise<number> => (await notes.at('GET', '/usage')).body.notes;
  const [before, added, title] = [await count(), 3, unique()];
  const own = { 'Idempotency-Key': title, 'Content-Type': 'application/x-ndjson' };
  const body = `${JSON.stringify({ title })}\n`.repeat(added);
  return {
    send: (headers) => notes.at('POST', '/import', { body, headers: { ...own, ...headers } }),
    async expectDone(answer, repeated) {
      expect(repeated.body).toMatchObject({ imported: added, skipped: 0, failedCount: 0 });
      expect(await count()).toBe(before + added);
      expectSame(answer, repeated);
    },
  };
};

const writes: Record<string, Prepare> = {
  'create with a key': createWithKey,
  patch: change({ method: 'PATCH', body: { content: 'second', tags: [] } }, 2),
  'restore a version': change({ method: 'POST', suffix: '/versions/1/restore' }, 3, (notes, path) =>
    notes.at('PATCH', path, { body: { title: 'second', pinned: true } }),
  ),
  restore: change({ method: 'POST', suffix: '/restore' }, 3, (notes, path) => notes.at('DELETE', path)),
  trash,
  destroy,
  'import with a key': importNotes,
  'batch with a key': batch(false),
  'atomic batch with a key': batch(true),
  'rename a tag': renameTag,
  'empty the trash': emptyTrash,
};

// The slots of notes-service for imports.
const importsAtOnce = 4;

export const noteWrites = Object.entries(writes).map(([name, prepare]): RequestToKill => ({
  name: `the write of notes "${name}"`,
  outcome: 'happens once when it is repeated',
  services: ['notes-service'],
  // The other steps change nothing that is visible outside the transaction.
  isWorthAKill: (step) => /^before (?!the)|^after commit$/i.test(step),
  ...(prepare === importNotes && { atOnce: importsAtOnce }),
  prepare: async ({ api }) => {
    const { send, expectDone } = await prepare(await newUser(api));
    return {
      send: ({ headers = {} }) => send(headers),
      async *check({ answer }) {
        const repeated = await send({});
        yield;
        await expectDone(answer, repeated);
      },
    };
  },
}));
