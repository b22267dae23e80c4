import { mongo } from 'mongoose';

const batchBytes = 4_194_304;
const batchDocuments = 1_000;

/** Joins BSON documents to chunks of some kilobytes: compressing each of them alone would take several times as long. */
export async function* joined(
  documents: AsyncIterable<Uint8Array>,
  onDocument: () => void,
): AsyncGenerator<Buffer> {
  let chunk: Uint8Array[] = [];
  let bytes = 0;
  for await (const document of documents) {
    onDocument();
    chunk.push(document);
    bytes += document.length;
    if (bytes < 65_536) continue;
    yield Buffer.concat(chunk);
    [chunk, bytes] = [[], 0];
  }
  if (bytes > 0) yield Buffer.concat(chunk);
}

/** Divides joined BSON documents into batches to insert. Values keep their types: a double 1 does not become an integer. */
export async function* batches(content: AsyncIterable<Buffer>): AsyncGenerator<mongo.Document[]> {
  let rest: Buffer = Buffer.alloc(0);
  let batch: mongo.Document[] = [];
  let bytes = 0;
  for await (const chunk of content) {
    rest = Buffer.concat([rest, chunk]);
    for (let size = sizeOf(rest); size !== undefined; size = sizeOf(rest)) {
      batch.push(parse(rest.subarray(0, size)));
      bytes += size;
      rest = rest.subarray(size);
      if (batch.length < batchDocuments && bytes < batchBytes) continue;
      yield batch;
      [batch, bytes] = [[], 0];
    }
  }
  if (rest.length > 0) throw new Error('The file ends within a document.');
  if (batch.length > 0) yield batch;
}

/** The size of the first document (https://bsonspec.org); undefined until the buffer contains all of it. */
function sizeOf(buffer: Buffer): number | undefined {
  if (buffer.length < 4) return undefined;
  const size = buffer.readInt32LE();
  if (size < 5) throw new Error('The file contains something else than BSON documents.');
  return buffer.length < size ? undefined : size;
}

const parse = (document: Buffer) =>
  mongo.BSON.deserialize(document, { promoteValues: false, bsonRegExp: true });
