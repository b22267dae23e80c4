import type { RequestHandler } from 'express';
import { Problem, problems } from '../problems/problem.ts';
import { authority } from './request-target.ts';

/** Refuses requests that another server may read differently (RFC 9112, sections 2.5, 3.2 and 6.1; RFC 9110, section 5.3). */
export const refuseAmbiguousRequests: RequestHandler = (req, _res, next) => {
  if (req.httpVersion !== '1.0' && req.httpVersion !== '1.1') {
    throw new Problem(problems.httpVersionNotSupported, { headers: { Connection: 'close' } });
  }
  const hosts = req.headersDistinct['host'] ?? [];
  const needsHost = req.httpVersion !== '1.0';
  const coding = req.headers['transfer-encoding'] ?? 'chunked';
  if (hosts.length > 1 || (needsHost && hosts.length === 0)) {
    throw ambiguous('The request must have exactly one Host header.');
  }
  if (hosts.some((host) => host !== '' && !authority.test(host))) {
    throw ambiguous('The Host header is not valid.');
  }
  if ((req.headersDistinct['content-type'] ?? []).length > 1) {
    throw ambiguous('The request must have at most one Content-Type header.');
  }
  if (coding.toLowerCase() !== 'chunked') {
    throw ambiguous('The only supported transfer coding is chunked.');
  }
  next();
};

// The connection closes, because the bytes that follow may not be a request.
const ambiguous = (detail: string) =>
  new Problem(problems.malformedRequest, { detail, headers: { Connection: 'close' } });
