import type { IncomingMessage } from 'node:http';
import type { Request, Response } from 'express';
import { methods } from './methods.ts';
import { Problem, problems } from '../problems/problem.ts';

const absolute = /^https?:\/\/([^/?#]*)(.*)$/is;
const setAside = new WeakMap<IncomingMessage, string>();

// An IPv6 address is in brackets (RFC 3986, section 3.2).
const authority = /^(?:\[[\da-f:.]+\]|[\w.~%!$&'()*+,;=-]+)(?::\d*)?$/i;

/** Whether a Host may have this value: a host, perhaps with a port, or nothing. */
export const isHost = (value = ''): boolean => value === '' || authority.test(value);

/**
 * Makes the target of a request a path. A target in absolute form becomes its path, and its host the Host (RFC 9112, section
 * 3.2.2). Any other becomes `/`, because Express answers nothing to a target that it cannot parse.
 */
export function readRequestTarget(req: IncomingMessage): void {
  if (req.url?.startsWith('/')) return;
  const target = pathOf(req);
  if (!target.startsWith('/')) setAside.set(req, target);
  req.url = target.startsWith('/') ? target : '/';
}

function pathOf({ url = '', method, headers }: IncomingMessage): string {
  const [, host = '', path = ''] = absolute.exec(url) ?? [];
  if (!authority.test(host)) return url;
  // An invalid Host stays, and is refused.
  if (isHost(headers.host)) headers.host = host;
  if (path === '' && method === 'OPTIONS') return '*';
  return path.startsWith('/') ? path : `/${path}`;
}

/**
 * Answers `OPTIONS *` (RFC 9112, section 3.2.4), and refuses any other target that was not made a path. Returns whether the
 * request is still to be answered.
 */
export function checkRequestTarget(req: Request, res: Response): boolean {
  const target = setAside.get(req);
  if (target === undefined) return true;
  if (target === '*' && req.method === 'OPTIONS') {
    res.status(204).set('Allow', methods).end();
    return false;
  }
  throw new Problem(problems.malformedRequest, {
    detail: 'The request target must be a path or an http URL with a valid host.',
  });
}
