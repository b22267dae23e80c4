import type { User } from '../service.ts';

interface Note {
  id: string;
}
type Change = { type: 'note' | 'trashed'; id: string; note: Note } | { type: 'destroyed'; id: string };

/** A client that keeps copies of all notes with the changes feed, two changes at a time. */
export function createDevice() {
  const notes = new Map<string, Note>();
  let cursor: string | undefined;
  return {
    /** The copies of the notes, those in the trash included. */
    notes: () => [...notes.values()],

    /** Applies what has changed since the last time. */
    async sync({ call }: User): Promise<void> {
      for (let hasMore = true; hasMore;) {
        const since = cursor === undefined ? '' : `&since=${cursor}`;
        const { body } = await call('GET', `/api/notes/changes?limit=2${since}`);
        for (const change of body.items as Change[]) {
          if (change.type === 'destroyed') notes.delete(change.id);
          else notes.set(change.id, change.note);
        }
        cursor = body.page.nextCursor;
        hasMore = body.page.hasMore;
      }
    },
  };
}
