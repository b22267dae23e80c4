import type { RequestHandler } from 'express';
import { Problem, problems } from '../problems/problem.ts';

/**
 * Refuses what two programs in a row may read as different requests, and Node lets through: no Host or two of them
 * (RFC 9112, section 3.2), and transfer codings other than `chunked` (section 6.1).
 */
export const refuseAmbiguousRequests: RequestHandler = (req, _res, next) => {
  const hosts = req.headersDistinct['host'] ?? [];
  const needsHost = req.httpVersion !== '1.0';
  const coding = req.headers['transfer-encoding'] ?? 'chunked';
  if (hosts.length > 1 || (needsHost && hosts.length === 0)) {
    throw ambiguous('There must be one Host.');
  }
  if (coding.toLowerCase() !== 'chunked') {
    throw ambiguous('The only transfer coding known here is chunked.');
  }
  next();
};

// What follows on the connection cannot be trusted to be a request.
const ambiguous = (detail: string) =>
  new Problem(problems.malformedRequest, { detail, headers: { Connection: 'close' } });
