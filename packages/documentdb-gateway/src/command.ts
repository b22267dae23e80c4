import { BSON, type Document } from 'bson';
import { type Request, WireError } from './wire.ts';

export type Command = {
  name: string;
  db: string;
  /** The command's own fields, without arrays in separate sections; 64-bit integers as bigint. */
  fields: Document;
  /** The command for DocumentDB: without the session's fields, with all arrays. */
  bson: Buffer;
  sequences: Map<string, Buffer[]>;
};

// For the server only, not for the storage.
const forSession = new Set(
  `$db lsid $clusterTime $readPreference txnNumber autocommit startTransaction
  apiVersion apiStrict apiDeprecationErrors maxTimeMS`.split(/\s+/),
);

/** Reads the command of a request. Throws WireError when it is not BSON. */
export function readCommand(request: Request): Command {
  try {
    const fields = BSON.deserialize(request.body, { useBigInt64: true, bsonRegExp: true });
    const db: unknown = fields['$db'];
    return {
      name: Object.keys(fields)[0] ?? '',
      db: typeof db === 'string' ? db : 'admin',
      fields,
      bson: cleaned(request),
      sequences: request.sequences,
    };
  } catch (error) {
    throw new WireError('a command that is not BSON', { cause: error });
  }
}

/** The document at the index of an array of the command, inline or in a section. */
export function itemOf(command: Command, array: string, index: number): Document | undefined {
  const apart = command.sequences.get(array)?.[index];
  if (apart) return BSON.deserialize(apart);
  const inline: unknown = command.fields[array];
  const item: unknown = Array.isArray(inline) ? inline[index] : undefined;
  return typeof item === 'object' && item ? item : undefined;
}

// Works on bytes, so that the storage gets every value exactly as the client wrote it.
function cleaned({ body, sequences }: Request): Buffer {
  const parts: Buffer[] = [];
  for (const [, nameOffset, nameLength, offset, length] of BSON.onDemand.parseToElements(body)) {
    const name = body.toString('utf8', nameOffset, nameOffset + nameLength);
    if (!forSession.has(name)) parts.push(body.subarray(nameOffset - 1, offset + length));
  }
  for (const [name, documents] of sequences) parts.push(element(4, name), arrayOf(documents));
  return document(parts);
}

const arrayOf = (documents: Buffer[]) =>
  document(documents.flatMap((item, index) => [element(3, String(index)), item]));

const element = (type: number, name: string) =>
  Buffer.concat([Buffer.from([type]), Buffer.from(`${name}\0`)]);

function document(parts: Buffer[]): Buffer {
  const length = Buffer.alloc(4);
  const whole = Buffer.concat([length, ...parts, Buffer.alloc(1)]);
  whole.writeInt32LE(whole.length, 0);
  return whole;
}
