/** Why a line or an entry of an import is not a note. The caller gets the code and the message. */
export class LineFault extends Error {
  override readonly name = 'LineFault';
  readonly code: FaultCode;

  constructor(code: FaultCode, message: string) {
    super(message);
    this.code = code;
  }
}

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
