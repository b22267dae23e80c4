import { readFileSync } from 'node:fs';
import { extname } from 'node:path';
import { entityTag, Problem, problems } from '@polyglot-notes/service-kit';
import { Router, type RequestHandler } from 'express';

/** The policy of a page: it may load files of the gateway and call its API. */
export const pagePolicy =
  "default-src 'none';script-src 'self';style-src 'self';img-src 'self' data:;connect-src 'self';" +
  "base-uri 'none';form-action 'none';frame-ancestors 'none'";

interface StaticRoutes {
  /** The file of each path. */
  files: Record<string, string>;
  /** The relative target of each path that redirects. */
  redirects: Record<string, string>;
  headers: Record<string, string>;
}

/** Answers GET and HEAD for paths that match exactly, from files that are read once, and any other method with a 405. */
export function staticRoutes({ files, redirects, headers }: StaticRoutes): Router {
  const router = Router({ strict: true, caseSensitive: true });
  const serve = (path: string, handler: RequestHandler) =>
    router.route(path).get(handler).all(methodNotAllowed);
  for (const [path, target] of Object.entries(redirects)) {
    serve(path, (_req, res) => res.redirect(308, target));
  }
  for (const [path, file] of Object.entries(files)) serve(path, sendFile(file, headers));
  return router;
}

function sendFile(path: string, headers: Record<string, string>): RequestHandler {
  const content = readFileSync(path);
  const etag = entityTag(content);
  return (_req, res) => {
    res
      .set({ 'Cache-Control': 'no-cache', ...headers, ETag: etag })
      .type(extname(path))
      .send(content);
  };
}

const methodNotAllowed: RequestHandler = () => {
  throw new Problem(problems.methodNotAllowed, { headers: { Allow: 'GET, HEAD' } });
};
