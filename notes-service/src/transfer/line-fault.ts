// Bound the size of a result.
export const [maxNameLength, maxMessageLength] = [200, 500];

/** Why a line or an entry of an import is not a note. The caller gets the code and the message. */
export class LineFault extends Error {
  override readonly name = 'LineFault';
  readonly code: FaultCode;

  constructor(code: FaultCode, message: string) {
    super(storableText(message.slice(0, maxMessageLength)));
    this.code = code;
  }
}

/** Text that PostgreSQL can store, such as a part of a line in the message of a parser. */
export const storableText = (text: string): string => text.toWellFormed().replaceAll('\0', '\uFFFD');

export const faultCodes = [
  'malformed_json',
  'validation_failed',
  'invalid_encoding',
  'invalid_front_matter',
  'too_large',
  'encrypted_entry',
  'nested_archive',
  'unsupported_entry',
  'corrupt_entry',
  'note_limit_reached',
  'storage_limit_reached',
] as const;

export type FaultCode = (typeof faultCodes)[number];
