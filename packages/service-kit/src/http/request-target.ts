import type { IncomingMessage } from 'node:http';
import type { Request, Response } from 'express';
import { methods } from './methods.ts';
import { Problem, problems } from '../problems/problem.ts';

const absolute = /^https?:\/\/([^/?#]*)(.*)$/is;
const setAside = new WeakMap<IncomingMessage, string>();

/** Express answers nothing to a target that it cannot parse. So it gets `/` for every target that is not a path. */
export function setTargetAside(req: IncomingMessage): void {
  const { url = '' } = req;
  if (url.startsWith('/')) return;
  setAside.set(req, url);
  req.url = '/';
}

/** A host, perhaps with a port. An IPv6 address is in brackets (RFC 3986, section 3.2). */
export const authority = /^(?:\[[\da-f:.]+\]|[\w.~%!$&'()*+,;=-]+)(?::\d*)?$/i;

/**
 * Reads a target in absolute form as its path, with its host as Host, and answers `OPTIONS *` (RFC 9112, section 3.2).
 * All other targets are paths. Returns whether the request is still to be answered.
 */
export function readRequestTarget(req: Request, res: Response): boolean {
  const target = pathOf(req);
  if (target === '*' && req.method === 'OPTIONS') {
    res.status(204).set('Allow', methods).end();
    return false;
  }
  if (!target.startsWith('/')) throw malformed('The request target must be a path or an http URL.');
  req.url = target;
  req.originalUrl = target;
  return true;
}

function pathOf(req: Request): string {
  const { method, headers } = req;
  const url = setAside.get(req) ?? req.url;
  const [, host, path = ''] = absolute.exec(url) ?? [];
  if (host === undefined) return url;
  if (!authority.test(host)) throw malformed('The host of the request target is not valid.');
  headers.host = host;
  if (path === '' && method === 'OPTIONS') return '*';
  return path.startsWith('/') ? path : `/${path}`;
}

const malformed = (detail: string) => new Problem(problems.malformedRequest, { detail });
