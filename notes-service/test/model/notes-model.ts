import type { Limits } from '../../src/owners/limits.ts';

/** What a version of a note consists of. */
export interface Fields {
  title: string;
  content: string;
  tags: string[];
  pinned: boolean;
  archived: boolean;
}

export interface EarlierVersion extends Fields {
  version: number;
  createdAt: string;
}

export interface ModelNote extends EarlierVersion {
  id: string;
  updatedAt: string;
  changedAt: string;
  deletedAt: string | null;
  earlier: EarlierVersion[];
}

/** Why the model refuses an operation. */
export class Refusal extends Error {
  readonly status: number;
  readonly code: string;
  constructor(status: number, code: string) {
    super(code);
    Object.assign(this, { status, code });
    this.status = status;
    this.code = code;
  }
}

export const dayMs = 24 * 60 * 60_000;

const notFound = () => new Refusal(404, 'not_found');

export type NotesModel = ReturnType<typeof createNotesModel>;

/** All notes of one user in memory, by the rules of the API: what each operation changes, and what it refuses. */
export function createNotesModel(limits: Limits, now: () => Date) {
  let notes = new Map<string, ModelNote>();
  /** The versions of destroyed notes by id. */
  let destroyed = new Map<string, number>();
  const keys = new Map<string, { request: string; storedAt: number; answer: unknown; bytes: number }>();
  const time = () => now().toISOString();
  const all = () => [...notes.values()];

  function find(id: string, ifMatch?: string): ModelNote {
    const note = notes.get(id);
    if (note === undefined) throw notFound();
    if (ifMatch !== undefined && ifMatch !== `"${note.version}"`)
      throw new Refusal(412, 'precondition_failed');
    return note;
  }

  function findLive(id: string, ifMatch?: string): ModelNote {
    if (notes.get(id)?.deletedAt !== null) throw notFound();
    return find(id, ifMatch);
  }

  function remove({ id, version }: ModelNote): void {
    notes.delete(id);
    destroyed.set(id, version);
  }

  /** Changes a note. Checks its storage, unless the caller does. */
  function change(note: ModelNote, columns: Partial<ModelNote>, check = checkStorage): ModelNote {
    const { id, version, changedAt: createdAt } = note;
    const replaced = { ...fieldsOf(note), version, createdAt };
    const changed = {
      ...note,
      ...columns,
      version: version + 1,
      changedAt: time(),
      earlier: [...note.earlier, replaced],
    };
    changed.earlier = changed.earlier.slice(-limits.versionsPerNote);
    notes.set(id, changed);
    check();
    return changed;
  }

  const bytes = () => all().reduce((sum, note) => sum + bytesOfNote(note), 0);
  const answerBytes = () => [...keys.values()].reduce((sum, answer) => sum + answer.bytes, 0);
  function checkStorage(more = 0): void {
    if (bytes() + answerBytes() + more > limits.bytes) throw new Refusal(409, 'storage_limit_reached');
  }

  return {
    notes: all,
    has: (id: string) => notes.has(id),
    live: () => all().filter(({ deletedAt }) => deletedAt === null),
    trash: () => all().filter(({ deletedAt }) => deletedAt !== null),
    usage: () => ({
      notes: all().filter(({ deletedAt }) => deletedAt === null).length,
      trashed: all().filter(({ deletedAt }) => deletedAt !== null).length,
      versions: all().reduce((sum, { earlier }) => sum + earlier.length, 0),
      bytes: bytes(),
      limits,
    }),

    /** Runs an operation. One that is refused changes nothing. */
    transaction<Result>(work: () => Result): Result {
      const before = structuredClone({ notes, destroyed });
      try {
        return work();
      } catch (error) {
        ({ notes, destroyed } = before);
        throw error;
      }
    },

    /** Creates a note; its id is the service's choice. */
    create(id: string, given: Partial<Fields>): ModelNote {
      const at = time();
      const times = { createdAt: at, updatedAt: at, changedAt: at, deletedAt: null };
      if (notes.size >= limits.notes) throw new Refusal(409, 'note_limit_reached');
      const note = { ...withDefaults(given), id, version: 1, ...times, earlier: [] };
      notes.set(id, note);
      checkStorage();
      return note;
    },

    /**
     * Imports a note with its id, time and earlier versions, the oldest first. A note that was destroyed returns with a later
     * version.
     */
    importNote(
      id: string,
      given: Partial<Fields>,
      at: string,
      versions: { version: number; content: string }[],
    ): 'imported' | 'skipped' | 'skippedInTrash' {
      const fields = withDefaults(given);
      const textsOf = ({ title, content, tags }: Fields) => JSON.stringify([title, content, tags]);
      const isSame = (note: ModelNote) =>
        note.deletedAt === null &&
        note.createdAt === at &&
        note.updatedAt === at &&
        textsOf(note) === textsOf(fields);
      if (typeof notes.get(id)?.deletedAt === 'string') return 'skippedInTrash';
      if (notes.has(id) || all().some(isSame)) return 'skipped';
      if (notes.size >= limits.notes) throw new Refusal(409, 'note_limit_reached');
      const times = { createdAt: at, updatedAt: at, changedAt: at, deletedAt: null };
      const version = Math.max(versions.at(-1)?.version ?? 0, destroyed.get(id) ?? 0) + 1;
      const flags = { pinned: false, archived: false };
      const earlier = versions
        .slice(-limits.versionsPerNote)
        .map((each) => ({ ...fields, ...each, ...flags, createdAt: at }));
      notes.set(id, { ...fields, id, version, ...times, earlier });
      checkStorage();
      return 'imported';
    },

    /** Carries out a request once for its key, and gives its answer again to a repeat within a day. */
    once<Answer extends { body: unknown }>(
      key: string | undefined,
      request: unknown,
      work: () => Answer,
    ): Answer {
      if (key === undefined) return work();
      const given = JSON.stringify(request);
      const known = keys.get(key);
      const isKept = known !== undefined && now().getTime() - known.storedAt < dayMs;
      if (isKept && known.request !== given) throw new Refusal(409, 'idempotency_key_reused');
      if (isKept) return known.answer as Answer;
      const answer = work();
      // The answers that are kept count in the storage, the expired ones until the sweep.
      const size = Buffer.byteLength(JSON.stringify(answer.body));
      const more = size - (known?.bytes ?? 0);
      if (more > 0) checkStorage(more);
      keys.set(key, { request: given, storedAt: now().getTime(), answer, bytes: size });
      return answer;
    },

    patch(id: string, fields: Partial<Fields>, ifMatch?: string): ModelNote {
      const note = findLive(id, ifMatch);
      const isSame = (name: keyof Fields) => JSON.stringify(fields[name]) === JSON.stringify(note[name]);
      const changed = (Object.keys(fields) as (keyof Fields)[]).filter((name) => !isSame(name));
      if (changed.length === 0) return note;
      const isText = changed.some((name) => ['title', 'content', 'tags'].includes(name));
      return change(note, { ...fields, ...(isText && { updatedAt: time() }) });
    },

    trashNote(id: string, ifMatch?: string): void {
      if (typeof notes.get(id)?.deletedAt === 'string') return;
      const note = find(id, ifMatch);
      change(note, { deletedAt: time() });
    },

    destroy(id: string, ifMatch?: string): void {
      remove(find(id, ifMatch));
    },

    restore(id: string, ifMatch?: string): ModelNote {
      const note = find(id, ifMatch);
      return note.deletedAt === null ? note : change(note, { deletedAt: null });
    },

    restoreVersion(id: string, version: number, ifMatch?: string): ModelNote {
      const found = versionsOf(findLive(id)).find((one) => one.version === version);
      if (found === undefined) throw notFound();
      return this.patch(id, fieldsOf(found), ifMatch);
    },

    /** Replaces a tag of all notes outside the trash, at the first place of the two, or removes it. */
    replaceTag(tag: string, name?: string): number {
      const having = all().filter(({ deletedAt, tags }) => deletedAt === null && tags.includes(tag));
      if (tag === name) return 0;
      for (const note of having) {
        const tags = note.tags.flatMap((one) => (one === tag ? (name ?? []) : one));
        change(note, { tags: [...new Set(tags)], updatedAt: time() }, () => {});
      }
      checkStorage();
      return having.length;
    },

    tags: () => {
      const tags = all().flatMap((note) => (note.deletedAt === null ? note.tags : []));
      const counts = Map.groupBy(tags, (tag) => tag);
      return [...counts].map(([tag, { length: count }]) => ({ tag, count }));
    },

    /** Destroys the notes in the trash, or those that are there since a time. */
    emptyTrash(since = '9999'): number {
      const old = all().filter(({ deletedAt }) => deletedAt !== null && deletedAt <= since);
      for (const note of old) remove(note);
      return old.length;
    },
  };
}

/** The fields of a new note. A default that is left out is the same as one that is written out. */
export const withDefaults = (given: Partial<Fields>): Fields => ({
  title: 'Untitled',
  content: '',
  tags: [],
  pinned: false,
  archived: false,
  ...given,
});

const fieldsOf = ({ title, content, tags, pinned, archived }: Fields): Fields => ({
  title,
  content,
  tags,
  pinned,
  archived,
});

/** All versions of a note, the newest first: the current one is the first. */
export const versionsOf = ({ earlier, changedAt, ...note }: ModelNote): EarlierVersion[] => [
  { ...fieldsOf(note), version: note.version, createdAt: changedAt },
  ...earlier.toReversed(),
];

const bytesOf = (texts: (string | string[])[]) => Buffer.byteLength(texts.flat().join(''));

/** A note costs its texts, and an earlier version the texts that the next one changed. */
function bytesOfNote({ earlier, ...note }: ModelNote): number {
  const texts = ({ title, content, tags }: Fields) => [title, content, tags];
  const versions = [...earlier, note];
  const costs = earlier.map((version, index) => {
    const next = texts(versions[index + 1]!);
    return bytesOf(texts(version).filter((text, at) => JSON.stringify(text) !== JSON.stringify(next[at])));
  });
  return costs.reduce((sum, cost) => sum + cost, bytesOf(texts(note)));
}

/** A note of the model as the API shows it. */
export function shown({ earlier: _earlier, changedAt: _changedAt, ...note }: ModelNote) {
  return note;
}
