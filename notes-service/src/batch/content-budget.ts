const maxContentBytes = 4 * 1024 * 1024;
// An answer with a key is stored for a day.
const maxStoredBytes = 256 * 1024;

interface WithContent {
  content: string;
}

/** Leaves the content out of the notes of one response that no longer fit in 4 MiB, or 256 KiB if it is stored. */
export function createContentBudget({ isStored }: { isStored: boolean }) {
  let left = isStored ? maxStoredBytes : maxContentBytes;
  return <Note extends WithContent>(note: Note): Omit<Note, 'content'> & Partial<WithContent> => {
    const bytes = Buffer.byteLength(JSON.stringify(note.content));
    if (bytes <= left) {
      left -= bytes;
      return note;
    }
    const { content: _, ...rest } = note;
    return rest;
  };
}
