import { hash } from 'node:crypto';

const maxBytes = 100;
const extension = '.md';

const unsafe = /[^\p{L}\p{M}\p{N}\p{So} ()_.,+@=&'-]+/gu;
const reserved = /^(?:con|prn|aux|nul|conin\$|conout\$|com[\d¹²³]|lpt[\d¹²³])(?:\.|$)/i;

/**
 * Creates a function that names the Markdown file of each note in turn, by its title. Names are safe on Linux, macOS and
 * Windows. No two are equal, not even without case or in another Unicode form.
 */
export function createFileNames(): (note: { id: string; title: string }) => string {
  const taken = new Set<number>();
  return ({ id, title }) => {
    for (const suffix of suffixes(id)) {
      const name = fileName(title, suffix);
      const key = shortHash(comparable(name));
      if (taken.has(key)) continue;
      taken.add(key);
      return name;
    }
    throw new Error('unreachable: the suffixes do not end');
  };
}

/** Notes of the same title are told apart by the end of their ids. Ids of imported notes may end alike. */
function* suffixes(id: string): Generator<string> {
  yield '';
  yield ` ${id.slice(-12)}`;
  for (let count = 1; ; count++) yield ` ${id} ${count}`;
}

function fileName(title: string, suffix: string): string {
  const words = title.normalize('NFC').replace(unsafe, ' ').replace(/\s+/g, ' ');
  const space = maxBytes - Buffer.byteLength(suffix + extension);
  const stem = cutToBytes(words.replace(/^[ .-]+/, ''), space - 1).replace(/[ .]+$/, '');
  const base = stem === '' ? 'note' : stem;
  return `${reserved.test(base) ? `_${base}` : base}${suffix}${extension}`;
}

function cutToBytes(text: string, bytes: number): string {
  const { read } = new TextEncoder().encodeInto(text, new Uint8Array(bytes));
  return text.slice(0, read);
}

/** Takes less memory than a name. Names with the same hash get different suffixes, too. */
const shortHash = (text: string) => Number.parseInt(hash('sha256', text).slice(0, 13), 16);

/** Equal for all names that some file system takes for the same, and for some others. */
const comparable = (name: string) => name.normalize('NFKD').toUpperCase().toLowerCase().normalize('NFKD');
