import type { FileHandle } from 'node:fs/promises';
import { createFrontMatterBudget } from './front-matter-budget.ts';
import { LineFault, maxNameLength, storableText } from './line-fault.ts';
import { readMarkdown } from './markdown.ts';
import { parseJson, readLines } from './ndjson.ts';
import type { Candidate } from './import.service.ts';
import { decodeText } from './text-encoding.ts';
import { checkNote, lineLimits, type ImportNote } from './transfer.schemas.ts';
import { readZip } from './zip-reader.ts';

/** The notes in a stream of NDJSON. */
export async function* candidatesOfLines(source: AsyncIterable<Uint8Array>): AsyncGenerator<Candidate> {
  for await (const each of readLines(source, { maxBytes: lineLimits.bytes })) {
    yield 'fault' in each
      ? each
      : { line: each.line, ...read(each.text.length, () => checkNote(parseJson(each.text))) };
  }
}

/** The notes in a zip archive of Markdown files. */
export async function* candidatesOfZip(file: FileHandle): AsyncGenerator<Candidate> {
  const checkBudget = createFrontMatterBudget();
  for await (const entry of readZip(file)) {
    const place = { line: entry.line, name: storableText(entry.name.slice(0, maxNameLength)) };
    if ('fault' in entry) yield { ...place, fault: entry.fault };
    else {
      const { bytes, modifiedAt } = entry;
      const name = entry.name.split('/').at(-1) ?? '';
      const readNote = () => {
        const text = decodeText(bytes);
        checkBudget(text);
        return checkNote(readMarkdown(text, { name, modifiedAt }));
      };
      yield { ...place, ...read(bytes.length, readNote) };
    }
  }
}

function read(
  bytes: number,
  readNote: () => ImportNote,
): { note: ImportNote; bytes: number } | { fault: LineFault } {
  try {
    return { note: readNote(), bytes };
  } catch (error) {
    if (error instanceof LineFault) return { fault: error };
    throw error;
  }
}
