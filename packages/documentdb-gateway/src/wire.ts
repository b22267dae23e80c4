// MongoDB's wire protocol: OP_MSG, and OP_QUERY for the first, legacy hello.
// https://github.com/mongodb/specifications/blob/master/source/message/OP_MSG.md

export const largestMessage = 48_000_000;
const opcode = { reply: 1, query: 2004, msg: 2013 };
const flag = { checksumPresent: 1, moreToCome: 2 };
const requiredFlags = 0xffff;

/** A message that violates the protocol; its connection is no longer usable. */
export class WireError extends Error {}

export type Request = {
  id: number;
  legacy: boolean;
  /** Whether the client waits for an answer. */
  answered: boolean;
  /** The command as BSON. */
  body: Buffer;
  /** Arrays of the command in separate sections, by name, as BSON documents. */
  sequences: Map<string, Buffer[]>;
};

/**
 * Cuts a byte stream into messages: takes the next chunk and returns the messages it completes. Throws
 * WireError for an invalid length.
 */
export function messageReader(): (chunk: Buffer) => Buffer[] {
  let chunks: Buffer[] = [];
  let held = 0;
  return (chunk) => {
    chunks.push(chunk);
    held += chunk.length;
    const messages: Buffer[] = [];
    while (held >= 4) {
      if ((chunks[0]?.length ?? 0) < 4) chunks = [Buffer.concat(chunks)];
      const length = chunks[0]?.readInt32LE(0) ?? 0;
      if (length < 16 || length > largestMessage) throw new WireError(`a message of ${length} bytes`);
      if (held < length) break; // joined only once complete, so a long message is copied once
      const all = chunks.length === 1 && chunks[0] ? chunks[0] : Buffer.concat(chunks);
      messages.push(all.subarray(0, length));
      chunks = [all.subarray(length)];
      held -= length;
    }
    return messages;
  };
}

/** Reads one complete message. Throws WireError when it is malformed or of an obsolete kind. */
export function readRequest(message: Buffer): Request {
  try {
    const kind = message.readInt32LE(12);
    if (kind === opcode.msg) return readMsg(message);
    if (kind === opcode.query) return readQuery(message);
    throw new WireError(`opcode ${kind}`);
  } catch (error) {
    if (Error.isError(error) && 'code' in error && String(error.code).startsWith('ERR_'))
      throw new WireError('a message that ends too early', { cause: error });
    throw error;
  }
}

function readMsg(message: Buffer): Request {
  const flags = message.readUInt32LE(16);
  const unknown = flags & requiredFlags & ~(flag.checksumPresent | flag.moreToCome);
  if (unknown) throw new WireError(`the unknown flag ${unknown}`);
  const end = message.length - (flags & flag.checksumPresent ? 4 : 0);
  const sequences = new Map<string, Buffer[]>();
  let body: Buffer | undefined;
  for (let at = 20; at < end;) {
    const kind = message.readUInt8(at);
    const section = sized(message, at + 1, end);
    if (kind === 0 && !body) body = section;
    else if (kind === 1) {
      const name = cString(section, 4);
      sequences.set(name.text, documents(section, name.end));
    } else throw new WireError(`a section of kind ${kind}`);
    at += 1 + section.length;
  }
  if (!body) throw new WireError('a message without a command');
  const answered = (flags & flag.moreToCome) === 0;
  return { id: message.readInt32LE(4), legacy: false, answered, body, sequences };
}

function readQuery(message: Buffer): Request {
  const collection = cString(message, 20);
  const body = sized(message, collection.end + 8, message.length);
  return { id: message.readInt32LE(4), legacy: true, answered: true, body, sequences: new Map() };
}

function documents(section: Buffer, from: number): Buffer[] {
  const found: Buffer[] = [];
  for (let at = from; at < section.length; at += found.at(-1)?.length ?? 0)
    found.push(sized(section, at, section.length));
  return found;
}

function sized(buffer: Buffer, at: number, end: number): Buffer {
  const length = buffer.readInt32LE(at);
  if (length < 5 || at + length > end) throw new WireError(`a part of ${length} bytes`);
  return buffer.subarray(at, at + length);
}

function cString(buffer: Buffer, at: number): { text: string; end: number } {
  const zero = buffer.indexOf(0, at);
  if (zero < 0) throw new WireError('a name without an end');
  return { text: buffer.toString('utf8', at, zero), end: zero + 1 };
}

/** The message that answers the request with a BSON document. */
export function writeReply(request: Request, body: Buffer): Buffer {
  const prefix = request.legacy ? Buffer.alloc(20) : Buffer.alloc(5); // OP_MSG: no flags, one section of kind 0
  if (request.legacy) {
    prefix.writeInt32LE(8, 0); // AwaitCapable
    prefix.writeInt32LE(1, 16); // one document
  }
  const header = Buffer.alloc(16);
  header.writeInt32LE(16 + prefix.length + body.length, 0);
  header.writeInt32LE(request.id, 8);
  header.writeInt32LE(request.legacy ? opcode.reply : opcode.msg, 12);
  return Buffer.concat([header, prefix, body]);
}
