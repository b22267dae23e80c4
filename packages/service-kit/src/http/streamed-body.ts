import type { Readable as ReadableStream } from 'node:stream';
import { Readable } from 'node:stream';
import type { Request, RequestHandler } from 'express';
import { Problem, problems } from '../problems/problem.ts';
import { hasOtherCharset, tooLarge } from './body-problems.ts';
import type { BodyStream, StreamedBody } from './route.ts';

/** Gives the handler the body as a stream, which fails with `payload_too_large` after `limitBytes`. */
export function streamedBody({ contentTypes, limitBytes }: BodyStream): RequestHandler {
  return (req, _res, next) => {
    const contentType = contentTypes.find((type) => req.is(type));
    const isEncoded = (req.headers['content-encoding'] ?? 'identity') !== 'identity';
    if (contentType === undefined || isEncoded || hasOtherCharset(req)) {
      const detail = `The body must be ${contentTypes.join(' or ')}, without a Content-Encoding.`;
      throw new Problem(problems.unsupportedMediaType, { detail });
    }
    if (Number(req.headers['content-length']) > limitBytes) throw tooLarge(limitBytes);
    const stream: ReadableStream = Readable.from(upTo(limitBytes, req), { objectMode: false });
    req.body = { contentType, stream } satisfies StreamedBody;
    next();
  };
}

async function* upTo(limitBytes: number, req: Request): AsyncGenerator<Buffer> {
  let bytes = 0;
  try {
    // Destroying the request would close the connection before the response is sent.
    for await (const chunk of req.iterator({ destroyOnReturn: false })) {
      bytes += (chunk as Buffer).length;
      if (bytes > limitBytes) throw tooLarge(limitBytes);
      yield chunk as Buffer;
    }
  } catch (error) {
    if (error instanceof Problem) throw error;
    throw new Problem(problems.malformedRequest, { detail: 'The body ended early.', cause: error });
  } finally {
    // The rest is read and dropped, so that the client sees the response and can reuse the connection.
    req.resume();
  }
}
