import { LineFault } from './line-fault.ts';

/** A line by its number from 1: its text, or why it cannot be read. */
export type Line = { line: number; text: string } | { line: number; fault: LineFault };

const newline = 0x0a;

/**
 * Reads the lines of a stream of UTF-8. Blank lines are left out, but counted. A line that is longer than `maxBytes` is
 * read past and becomes a fault.
 */
export async function* readLines(
  source: AsyncIterable<Uint8Array>,
  { maxBytes }: { maxBytes: number },
): AsyncGenerator<Line> {
  let parts: Uint8Array[] = [];
  let bytes = 0;
  let line = 1;
  const add = (part: Uint8Array) => {
    bytes += part.length;
    if (bytes > maxBytes) parts = [];
    else if (part.length > 0) parts.push(part);
  };
  const finish = (): Line[] => {
    const finished = bytes > maxBytes ? { line, fault: tooLong(maxBytes) } : readLine(line, parts);
    parts = [];
    bytes = 0;
    line++;
    return finished ? [finished] : [];
  };
  for await (const chunk of source) {
    let from = 0;
    for (let end = chunk.indexOf(newline); end !== -1; end = chunk.indexOf(newline, from)) {
      // Empty lines cost nothing but their number.
      if (end === from && bytes === 0) {
        line++;
        from++;
        continue;
      }
      add(chunk.subarray(from, end));
      from = end + 1;
      yield* finish();
    }
    add(chunk.subarray(from));
  }
  yield* finish();
}

const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
// Only the first line may begin with a byte order mark.
const firstDecoder = new TextDecoder('utf-8', { fatal: true });

function readLine(line: number, parts: Uint8Array[]): Line | undefined {
  try {
    const text = (line === 1 ? firstDecoder : decoder).decode(
      parts.length === 1 ? parts[0] : Buffer.concat(parts),
    );
    return text.trim() === '' ? undefined : { line, text };
  } catch {
    return { line, fault: new LineFault('invalid_encoding', 'The line is not valid UTF-8') };
  }
}

const tooLong = (maxBytes: number) =>
  new LineFault('too_large', `The line is longer than ${maxBytes / 1024 / 1024} MiB`);

/** Parses the JSON of a line. Throws a LineFault. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new LineFault('malformed_json', Error.isError(error) ? error.message : String(error));
  }
}
