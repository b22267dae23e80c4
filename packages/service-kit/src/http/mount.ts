import type { RequestHandler, Router } from 'express';
import { Problem, problems } from '../problems/problem.ts';
import { answer } from './answer.ts';
import { authenticate, type Verifiers } from './authenticate.ts';
import { jsonBody } from './json-body.ts';
import { dropBody } from './read-body.ts';
import { isBodyStream, type Route } from './route.ts';
import { streamedBody } from './streamed-body.ts';

/** Mounts the routes. A method that no route of a path has is a 405 with `Allow`. Handlers get `draining`. */
export function mountRoutes(
  router: Router,
  routes: readonly Route[],
  verifiers: Verifiers,
  draining: AbortSignal = new AbortController().signal,
): void {
  const byPath = Map.groupBy(routes, (route) => route.path);
  for (const [path, onPath] of [...byPath].toSorted(([a], [b]) => (namesFirst(a) < namesFirst(b) ? -1 : 1))) {
    const mounted = router.route(path);
    for (const route of onPath) {
      mounted[route.method](
        setLogLevel(route),
        authenticate(route, verifiers),
        ...readBody(route),
        answer(route, draining),
      );
    }
    mounted.all(methodNotAllowed(onPath));
  }
}

/** A sort key that puts `/notes/trash` before `/notes/:id`, which would match it as well. */
const namesFirst = (path: string) => path.replaceAll(/:\w+/g, '\uffff');

function methodNotAllowed(routes: Route[]): RequestHandler {
  const methods = routes.map(({ method }) => method.toUpperCase());
  if (methods.includes('GET')) methods.push('HEAD');
  const headers = { Allow: methods.join(', ') };
  return () => {
    throw new Problem(problems.methodNotAllowed, { headers });
  };
}

const setLogLevel =
  ({ isPolled = false }: Route): RequestHandler =>
  (_req, res, next) => {
    res.locals['isPolled'] = isPolled;
    next();
  };

function readBody({ body, jsonLimitBytes }: Route): RequestHandler[] {
  if (body === undefined) return [dropBody];
  return [isBodyStream(body) ? streamedBody(body) : jsonBody(jsonLimitBytes)];
}
