// A small offline client: it keeps copies of all notes, edits them without a network, and syncs when there is one.
// docs/sync.md explains the calls.
import { randomUUID } from 'node:crypto';
import { readFile, rename, writeFile } from 'node:fs/promises';
import type { createClient, Schemas } from '@polyglot-notes/client';

type Note = Schemas['Note'];
type Fields = Pick<Note, 'title' | 'content' | 'tags' | 'pinned' | 'archived'>;

/** A change that the server has not confirmed. */
interface Edit {
  kind: 'create' | 'change' | 'delete';
  /** The Idempotency-Key of a creation. */
  key: string;
  /** The id of the note, or one of this device until the note is created. */
  id: string;
  /** The version that the edit changes. */
  base: number;
  changes: Partial<Fields>;
  /** The note as the user left it, for a copy. */
  result: Partial<Fields>;
}

export interface State {
  cursor: string | undefined;
  /** The notes as the server has them, by id. */
  notes: Record<string, Note>;
  outbox: Edit[];
  /** The edits that the server has refused, with its code. */
  refused: { edit: Edit; code: string }[];
}

export interface Store {
  load(): Promise<State | undefined>;
  /** Keeps the whole state or none of it. */
  save(state: State): Promise<void>;
}

/** A store in a JSON file. */
export function fileStore(path: string): Store {
  let saved = Promise.resolve();
  return {
    async load() {
      const json = await readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
        // Any other failure must not look like an empty store.
        if (error.code !== 'ENOENT') throw error;
      });
      return json === undefined ? undefined : (JSON.parse(json) as State);
    },
    save(state) {
      const json = JSON.stringify(state);
      const saving = saved.then(async () => {
        await writeFile(`${path}.new`, json);
        await rename(`${path}.new`, path);
      });
      // A save that fails does not keep the next one from being tried.
      saved = saving.catch(() => {});
      return saving;
    },
  };
}

type Refusal = { code: string; title: string };

/** An answer that says nothing about the edit itself, such as a 503. Sync again later. */
export class SyncError extends Error {
  readonly code: string;
  constructor({ code, title }: Refusal) {
    super(`${code}: ${title}`);
    this.code = code;
  }
}

const finalRefusals = new Set([
  'validation_failed',
  'payload_too_large',
  'note_limit_reached',
  'storage_limit_reached',
  'idempotency_key_reused',
]);

type Api = ReturnType<typeof createClient>;

/** Opens the notes of a device. Call `sync` now and then, one call at a time. */
export async function openNotes(api: Api, store: Store) {
  const state: State = (await store.load()) ?? { cursor: undefined, notes: {}, outbox: [], refused: [] };
  const save = () => store.save(state);

  /** The notes as the user sees them: those of the server, with the edits that wait. */
  function list(): (Fields & { id: string })[] {
    const live = Object.values(state.notes).filter(({ deletedAt }) => deletedAt === null);
    const seen = new Map<string, Fields & { id: string }>(live.map((note) => [note.id, note]));
    for (const { kind, id, result } of state.outbox) {
      const empty = { title: 'Untitled', content: '', tags: [], pinned: false, archived: false };
      if (kind === 'delete') seen.delete(id);
      else seen.set(id, { ...empty, ...seen.get(id), ...result, id });
    }
    return [...seen.values()];
  }

  function addEdit(kind: Edit['kind'], id: string, given: Partial<Fields> = {}): Promise<void> {
    const changes = asStored(given);
    const note = list().find((each) => each.id === id);
    const { title, content, tags, pinned, archived } = { ...note, ...changes };
    const fields = { title, content, tags, pinned, archived };
    const result = Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined));
    const earlier = state.outbox.find((edit) => edit.id === id);
    const base = earlier?.base ?? state.notes[id]?.version ?? 0;
    state.outbox.push({ kind, key: randomUUID(), id, base, changes, result });
    return save();
  }

  /** Removes an edit that the server has confirmed. Later edits of the note are based on its new version. */
  function settle(edit: Edit, note: Note): void {
    const known = state.notes[note.id];
    // The repeated answer to a creation may be older than the copy.
    if (known === undefined || known.version < note.version) state.notes[note.id] = note;
    const rest = state.outbox.filter((each) => each !== edit);
    state.outbox = rest.map((each) =>
      each.id === edit.id ? { ...each, id: note.id, base: note.version } : each,
    );
  }

  /** Takes the note of the server, if there is one, and makes the edited note a new one. */
  function keepBoth(id: string, current: Note | undefined): void {
    const last = state.outbox.findLast((edit) => edit.id === id);
    state.outbox = state.outbox.filter((edit) => edit.id !== id);
    if (current === undefined) delete state.notes[id];
    else state.notes[id] = current;
    if (last === undefined || last.kind === 'delete') return;
    const copy = {
      ...last.result,
      title: Array.from(`${last.result.title ?? 'Untitled'} (copy)`)
        .slice(-200)
        .join(''),
    };
    const newId = randomUUID();
    state.outbox.push({ kind: 'create', key: randomUUID(), id: newId, base: 0, changes: copy, result: copy });
  }

  function refuse(edit: Edit, error: Refusal): void {
    if (!finalRefusals.has(error.code)) throw new SyncError(error);
    state.outbox = state.outbox.filter((each) => each !== edit);
    state.refused.push({ edit, code: error.code });
  }

  async function sendCreation(edit: Edit): Promise<void> {
    const header = { 'Idempotency-Key': edit.key };
    const { data, error } = await api.POST('/api/notes', { params: { header }, body: edit.changes });
    if (error === undefined) settle(edit, data);
    else refuse(edit, error);
  }

  const paramsOf = ({ id, base }: Edit) => ({ path: { id }, header: { 'If-Match': `"${base}"` } });

  async function sendChange(edit: Edit): Promise<void> {
    const { data, error } = await api.PATCH('/api/notes/{id}', {
      params: paramsOf(edit),
      body: edit.changes,
    });
    if (error === undefined) settle(edit, data);
    else if (error.code === 'not_found') keepBoth(edit.id, undefined);
    else if (error.code !== 'precondition_failed') refuse(edit, error);
    // The answer to an earlier attempt was lost.
    else if (hasValues(error.current, edit.changes)) settle(edit, error.current);
    else keepBoth(edit.id, error.current);
  }

  async function sendDeletion(edit: Edit): Promise<void> {
    const { error } = await api.DELETE('/api/notes/{id}', { params: paramsOf(edit) });
    if (error === undefined || error.code === 'not_found') keepBoth(edit.id, undefined);
    else if (error.code === 'precondition_failed') keepBoth(edit.id, error.current);
    else refuse(edit, error);
  }

  const send = { create: sendCreation, change: sendChange, delete: sendDeletion };

  async function push(): Promise<void> {
    for (let [edit] = state.outbox; edit !== undefined; [edit] = state.outbox) {
      await send[edit.kind](edit);
      await save();
    }
  }

  /** Reads all changes since the cursor. A walk from the beginning replaces the copies only when it is complete. */
  async function pull(wait: number, signal: AbortSignal | null): Promise<void> {
    const isWhole = state.cursor === undefined;
    const copies = isWhole ? {} : state.notes;
    let since = state.cursor;
    for (let hasMore = true; hasMore;) {
      const query = { limit: 100, wait, ...(since !== undefined && { since }) };
      const { data, error } = await api.GET('/api/notes/changes', { params: { query }, signal });
      if (error?.code === 'cursor_expired' || (error?.code === 'invalid_cursor' && since !== undefined)) {
        state.cursor = undefined;
        return pull(0, signal);
      }
      if (error !== undefined) throw new SyncError(error);
      for (const item of data.items) {
        if (item.type === 'destroyed') delete copies[item.id];
        else copies[item.id] = item.note;
      }
      since = data.page.nextCursor;
      ({ hasMore } = data.page);
      if (isWhole && hasMore) continue;
      Object.assign(state, { notes: copies, cursor: since });
      await save();
    }
  }

  return {
    list,
    /** How many edits wait. */
    pending: () => state.outbox.length,
    refused: () => state.refused,

    /** Returns an id that is valid until the next `sync`, which gives the note its id on the server. */
    async create(fields: Partial<Fields>): Promise<string> {
      const id = randomUUID();
      await addEdit('create', id, fields);
      return id;
    },
    change: (id: string, changes: Partial<Fields>) => addEdit('change', id, changes),
    remove: (id: string) => addEdit('delete', id),

    /** Sends the edits and reads the changes. With `wait`, waits up to so many seconds for a change. */
    async sync({ wait = 0, signal = null }: { wait?: number; signal?: AbortSignal | null } = {}) {
      await push();
      await pull(wait, signal);
    },
  };
}

/** The fields as the server stores them. With them, a repeated edit is recognised. */
const asStored = ({ tags, ...fields }: Partial<Fields>): Partial<Fields> => ({
  ...fields,
  ...(tags && { tags: [...new Set(tags.map((tag) => tag.trim().toLowerCase().normalize('NFC')))] }),
});

const hasValues = (note: Note, changes: Partial<Fields>): boolean =>
  Object.entries(changes).every(
    ([name, value]) => JSON.stringify(note[name as keyof Fields]) === JSON.stringify(value),
  );
