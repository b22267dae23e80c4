import { createHash } from 'node:crypto';
import type { Response } from 'express';

/** A weak entity tag of some bytes (RFC 9110, section 8.8.3): the bytes are the same in every content coding. */
export const entityTag = (bytes: Buffer): string =>
  `W/"${createHash('sha256').update(bytes).digest('base64url')}"`;

/** A JSON value that has been serialized once, with its entity tag, for responses that are the same for all callers. */
export class JsonText {
  readonly bytes: Buffer;
  readonly etag: string;

  constructor(value: unknown) {
    this.bytes = Buffer.from(JSON.stringify(value));
    this.etag = entityTag(this.bytes);
  }
}

/** Sends the value, or 304 to a client that has it. */
export function sendJsonText(res: Response, { bytes, etag }: JsonText): void {
  res.set('ETag', etag).type('json').send(bytes);
}
