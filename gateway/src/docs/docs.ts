import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, extname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Problem, problems } from '@polyglot-notes/service-kit';
import { Router, type RequestHandler } from 'express';

const ours = fileURLToPath(new URL('./page', import.meta.url));
const swaggerUi = dirname(createRequire(import.meta.url).resolve('swagger-ui-dist/package.json'));

const files = {
  'index.html': ours,
  'initializer.js': ours,
  'page.css': ours,
  'swagger-ui.css': swaggerUi,
  'swagger-ui-bundle.js': swaggerUi,
  'favicon-32x32.png': swaggerUi,
};

const headers = {
  'Content-Security-Policy':
    "default-src 'none';script-src 'self';style-src 'self';img-src 'self' data:;connect-src 'self';" +
    "base-uri 'none';form-action 'none';frame-ancestors 'none'",
  'Cache-Control': 'no-cache',
};

/** Serves the API reference at `/docs/`, without files from other hosts. */
export function docs(): Router {
  const router = Router({ strict: true, caseSensitive: true });
  const serve = (path: string, handler: RequestHandler) =>
    router.route(path).get(handler).all(methodNotAllowed);
  serve('/docs', (_req, res) => res.redirect(308, '/docs/'));
  for (const [name, folder] of Object.entries(files)) {
    serve(`/docs/${name === 'index.html' ? '' : name}`, sendFile(join(folder, name)));
  }
  return router;
}

function sendFile(path: string): RequestHandler {
  const content = readFileSync(path);
  const etag = `"${createHash('sha256').update(content).digest('base64url')}"`;
  return (_req, res) => {
    res
      .set({ ...headers, ETag: etag })
      .type(extname(path))
      .send(content);
  };
}

const methodNotAllowed: RequestHandler = () => {
  throw new Problem(problems.methodNotAllowed, { headers: { Allow: 'GET, HEAD' } });
};
