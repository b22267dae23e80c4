import type { Document } from 'bson';

/** An error for MongoDB's clients: its code, its name, a message, and perhaps more fields. */
export class CommandError extends Error {
  readonly code: number;
  readonly codeName: string;
  readonly details: Document;

  constructor(code: number, codeName: string, message: string, details: Document = {}) {
    super(message);
    this.code = code;
    this.codeName = codeName;
    this.details = details;
  }
}

export const duplicateKey = 11000;
export const writeConflict = 112;

// DocumentDB's errors have SQLSTATEs of their own: "M" and a number in base 36. These are the ones
// that clients distinguish.
const known = new Map<string, [code: number, name: string]>([
  ['M0000', [1, 'InternalError']],
  ['M0001', [2, 'BadValue']],
  ['M0003', [9, 'FailedToParse']],
  ['M0004', [14, 'TypeMismatch']],
  ['M0005', [15, 'Overflow']],
  ['M0006', [20, 'IllegalOperation']],
  ['M0008', [26, 'NamespaceNotFound']],
  ['M0009', [27, 'IndexNotFound']],
  ['M000A', [28, 'PathNotViable']],
  ['M000D', [40, 'ConflictingUpdateOperators']],
  ['M000E', [43, 'CursorNotFound']],
  ['M000F', [48, 'NamespaceExists']],
  ['M000G', [52, 'DollarPrefixedFieldName']],
  ['M000J', [56, 'EmptyFieldName']],
  ['M000M', [66, 'ImmutableField']],
  ['M000N', [67, 'CannotCreateIndex']],
  ['M000O', [68, 'IndexAlreadyExists']],
  ['M000P', [72, 'InvalidOptions']],
  ['M000Q', [73, 'InvalidNamespace']],
  ['M000R', [85, 'IndexOptionsConflict']],
  ['M000S', [86, 'IndexKeySpecsConflict']],
  ['M000U', [115, 'CommandNotSupported']],
  ['M0015', [241, 'ConversionFailure']],
  ['M0016', [263, 'OperationNotSupportedInTransaction']],
  ['M001B', [10334, 'BSONObjectTooLarge']],
  ['M001C', [duplicateKey, 'DuplicateKey']],
  ['M003A', [17419, 'Location17419']],
  ['M003B', [17420, 'Location17420']],
  ['M00CO', [121, 'DocumentValidationFailure']],
  ['0A000', [115, 'CommandNotSupported']],
  ['23505', [duplicateKey, 'DuplicateKey']],
  ['23P01', [duplicateKey, 'DuplicateKey']],
  ['40001', [writeConflict, 'WriteConflict']],
  ['40P01', [writeConflict, 'WriteConflict']],
  ['55P03', [24, 'LockTimeout']],
  ['57014', [11601, 'Interrupted']],
  ['57P01', [91, 'ShutdownInProgress']],
  ['57P03', [91, 'ShutdownInProgress']],
]);

/** The MongoDB error for an SQLSTATE of DocumentDB or PostgreSQL; 8, UnknownError, for any other. */
export function errorFor(sqlState: string): { code: number; codeName: string } {
  const [code, codeName] = known.get(sqlState) ?? [8, 'UnknownError'];
  return { code, codeName };
}

/** The SQLSTATE that PostgreSQL packs into an integer, six bits a character, as DocumentDB's writeErrors have it. */
export function unpackSqlState(packed: number): string {
  return [0, 6, 12, 18, 24].map((shift) => String.fromCharCode(((packed >> shift) & 63) + 48)).join('');
}
