import { LineFault } from './line-fault.ts';

/** Decodes UTF-8, or UTF-16 with a byte order mark, and drops the mark. Other encodings are not guessed. */
export function decodeText(bytes: Uint8Array): string {
  try {
    return new TextDecoder(encodingOf(bytes), { fatal: true }).decode(bytes);
  } catch {
    throw new LineFault('invalid_encoding', 'The text is neither UTF-8 nor UTF-16 with a byte order mark');
  }
}

function encodingOf([first, second]: Uint8Array): string {
  if (first === 0xff && second === 0xfe) return 'utf-16le';
  return first === 0xfe && second === 0xff ? 'utf-16be' : 'utf-8';
}
