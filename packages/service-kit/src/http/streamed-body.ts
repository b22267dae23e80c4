import type { Readable as ReadableStream } from 'node:stream';
import { Readable } from 'node:stream';
import { Problem, problems } from '../problems/problem.ts';
import { hasOtherCharset, tooLarge } from './body-problems.ts';
import { bytesUpTo, contentLength } from './read-body.ts';
import type { BodyStream, Step, StreamedBody } from './route.ts';

/** Gives the handler the body as a stream, which fails with `payload_too_large` after `limitBytes`. */
export function streamedBody({ contentTypes, limitBytes: limit }: BodyStream): Step {
  return (req) => {
    const limitBytes = typeof limit === 'function' ? limit() : limit;
    const contentType = contentTypes.find((type) => req.is(type));
    const isEncoded = (req.headers['content-encoding'] ?? 'identity') !== 'identity';
    if (contentType === undefined || isEncoded || hasOtherCharset(req)) {
      const detail = `The body must be ${contentTypes.join(' or ')}, without a Content-Encoding.`;
      throw new Problem(problems.unsupportedMediaType, { detail });
    }
    if (contentLength(req.headers) > limitBytes) throw tooLarge(limitBytes);
    const stream: ReadableStream = Readable.from(bytesUpTo(limitBytes, req), { objectMode: false });
    req.body = { contentType, stream } satisfies StreamedBody;
  };
}
