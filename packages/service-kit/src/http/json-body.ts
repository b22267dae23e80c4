import { isUtf8 } from 'node:buffer';
import express, { type RequestHandler } from 'express';
import { Problem, problems } from '../problems/problem.ts';

const limitBytes = 2 * 1024 * 1024;

// RFC 8259, section 8.1: JSON between systems is UTF-8.
const otherCharset = /;\s*charset=(?!"?utf-8"?\s*(?:;|$))/i;

const parse = express.json({
  limit: limitBytes,
  strict: false,
  type: () => true,
  verify: (_req, _res, bytes) => {
    // The decoder would put U+FFFD for what it cannot read, and what was sent would be lost.
    if (!isUtf8(bytes)) throw new Problem(problems.malformedJson, { detail: 'The body is not valid UTF-8.' });
  },
});

/** Reads a JSON body of at most 2 MiB into `req.body`; every way in which that can fail is a problem of its own. */
export function jsonBody(): RequestHandler {
  return (req, res, next) => {
    const hasBody =
      req.headers['transfer-encoding'] !== undefined || Number(req.headers['content-length']) > 0;
    if (!hasBody) {
      next();
      return;
    }
    if (!req.is('application/json') || otherCharset.test(req.headers['content-type'] ?? '')) {
      throw new Problem(problems.unsupportedMediaType);
    }
    parse(req, res, (error?: unknown) => (error === undefined ? next() : next(asProblem(error))));
  };
}

function asProblem(error: unknown): unknown {
  const type = Error.isError(error) && 'type' in error ? error.type : undefined;
  switch (type) {
    case 'entity.parse.failed':
      return new Problem(problems.malformedJson, { cause: error });
    case 'entity.too.large':
      return new Problem(problems.payloadTooLarge, { detail: 'A JSON body may have 2 MiB.', cause: error });
    case 'charset.unsupported':
    case 'encoding.unsupported':
      return new Problem(problems.unsupportedMediaType, { cause: error });
    default:
      // What is left are bodies that are not what their headers say: cut short, or not compressed as claimed.
      return hasStatus400(error) ? new Problem(problems.malformedJson, { cause: error }) : error;
  }
}

const hasStatus400 = (error: unknown) => Error.isError(error) && 'status' in error && error.status === 400;
