import type { RequestHandler, Router } from 'express';
import { Problem, problems } from '../problems/problem.ts';
import { answer } from './answer.ts';
import { authenticate, type Verifiers } from './authenticate.ts';
import { jsonBody } from './json-body.ts';
import { dropBody, hasBody } from './read-body.ts';
import { isBodyStream, type Route, type Step } from './route.ts';
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
    for (const route of onPath) mounted[route.method](serve(route, verifiers, draining));
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

/** One function, because each handler costs as much as its work. */
function serve(route: Route, verifiers: Verifiers, draining: AbortSignal): RequestHandler {
  const { isPolled = false } = route;
  const check = authenticate(route, verifiers);
  const read = bodyReader(route);
  const reply = answer(route, draining);
  return async (req, res) => {
    res.locals['isPolled'] = isPolled;
    await check?.(req, res);
    if (read !== undefined) await read(req, res);
    else if (hasBody(req)) await dropBody(req);
    await reply(req, res);
  };
}

function bodyReader({ body, jsonLimitBytes }: Route): Step | undefined {
  if (body === undefined) return undefined;
  return isBodyStream(body) ? streamedBody(body) : jsonBody(jsonLimitBytes);
}
