import { isUtf8 } from 'node:buffer';
import express, { type RequestHandler } from 'express';
import { Problem, problems } from '../problems/problem.ts';
import { hasOtherCharset, tooLarge } from './body-problems.ts';

const defaultLimitBytes = 2 * 1024 * 1024;

/** Reads a JSON body of at most `limitBytes` into `req.body`. Each way in which that can fail has its own problem. */
export function jsonBody(limitBytes = defaultLimitBytes): RequestHandler {
  const parse = express.json({
    limit: limitBytes,
    strict: false,
    type: () => true,
    verify: (_req, _res, bytes) => {
      // The decoder would replace invalid bytes by U+FFFD without an error.
      if (!isUtf8(bytes))
        throw new Problem(problems.malformedJson, { detail: 'The body is not valid UTF-8.' });
    },
  });
  return (req, res, next) => {
    const hasBody =
      req.headers['transfer-encoding'] !== undefined || Number(req.headers['content-length']) > 0;
    if (!hasBody) {
      next();
      return;
    }
    // RFC 8259, section 8.1: JSON between systems is UTF-8.
    if (!req.is('application/json') || hasOtherCharset(req)) throw notJson();
    parse(req, res, (error?: unknown) => (error === undefined ? next() : next(asProblem(error, limitBytes))));
  };
}

const notJson = (cause?: unknown) =>
  new Problem(problems.unsupportedMediaType, {
    detail: 'The body must be application/json in UTF-8.',
    cause,
  });

function asProblem(error: unknown, limitBytes: number): unknown {
  const type = Error.isError(error) && 'type' in error ? error.type : undefined;
  switch (type) {
    case 'entity.parse.failed':
      return new Problem(problems.malformedJson, { cause: error });
    case 'entity.too.large':
      return tooLarge(limitBytes, error);
    case 'charset.unsupported':
    case 'encoding.unsupported':
      return notJson(error);
    default:
      // The body contradicts its headers: it is cut short, or not compressed as claimed.
      return hasStatus400(error) ? new Problem(problems.malformedJson, { cause: error }) : error;
  }
}

const hasStatus400 = (error: unknown) => Error.isError(error) && 'status' in error && error.status === 400;
