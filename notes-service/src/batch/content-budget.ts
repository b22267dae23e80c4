const maxContentBytes = 4 * 1024 * 1024;

interface WithContent {
  content: string;
}

/** Leaves the content out of the notes of one response that no longer fit in 4 MiB of contents as JSON. */
export function createContentBudget() {
  let left = maxContentBytes;
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
