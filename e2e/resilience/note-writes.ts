// The requests that write notes, for a test that kills notes-service during each of them and then repeats it.
import { expect } from '@jest/globals';
import { unique, type Answer, type CallOptions, type User } from '@polyglot-notes/service-kit/testing';
import { expectKept, type Killed } from './kills.ts';

type Headers = Record<string, string>;

interface Write {
  send(this: void, headers: Headers): Promise<Answer>;
  /** Expects that the write has happened once, after it was killed and repeated. */
  expectDone(this: void, answer: Killed['answer'], repeated: Answer): Promise<void>;
}

/** Prepares a write of a user. */
export type Prepare = (user: User) => Promise<Write>;

const notesOf = ({ call }: User) => {
  const at = (method: string, path: string, options: CallOptions = {}) =>
    call(method, `/api/notes${path}`, options);
  return {
    at,
    items: async (path: string) => (await at('GET', path)).body.items,
    async create(note: object): Promise<string> {
      const { status, body } = await at('POST', '', { body: note });
      expect(status).toBe(201);
      return `/${body.id}`;
    },
    version: async (path: string): Promise<number> => (await at('GET', path)).body.version,
  };
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
      const found = (await notes.items('?limit=100')).filter(
        (note: { title: string }) => note.title === title,
      );
      expect(found).toEqual([repeated.body]);
      if (answer !== 'no answer' && answer.status === 201) expect(answer.body).toEqual(repeated.body);
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

export const noteWrites: Record<string, Prepare> = {
  'create with a key': createWithKey,
  patch: change({ method: 'PATCH', body: { content: 'second', tags: [] } }, 2),
  'restore a version': change({ method: 'POST', suffix: '/versions/1/restore' }, 3, (notes, path) =>
    notes.at('PATCH', path, { body: { title: 'second', pinned: true } }),
  ),
  restore: change({ method: 'POST', suffix: '/restore' }, 3, (notes, path) => notes.at('DELETE', path)),
  'rename a tag': renameTag,
  trash,
  destroy,
  'empty the trash': emptyTrash,
};
