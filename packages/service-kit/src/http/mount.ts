import type { Request, RequestHandler, Response, Router } from 'express';
import type { VerifyAccessToken } from '../tokens/access-token.ts';
import { jsonBody } from './json-body.ts';
import { Problem, problems } from '../problems/problem.ts';
import { refuseRepeatedParameters } from './repeated-parameters.ts';
import type { Route } from './route.ts';
import type { VerifyServiceToken } from '../tokens/service-token.ts';
import { parsePart } from './validation.ts';

export interface Verifiers {
  accessToken?: VerifyAccessToken;
  serviceToken?: VerifyServiceToken;
  /** Whether what is known of cut-off users is fresh enough for the calls that need a role. */
  isFresh?: () => boolean;
}

/** Mounts the routes, those of one path together, so that another method on it is a 405 with `Allow`. */
export function mountRoutes(router: Router, routes: readonly Route[], verifiers: Verifiers): void {
  const byPath = Map.groupBy(routes, (route) => route.path);
  for (const [path, onPath] of [...byPath].toSorted(([a], [b]) => (namesFirst(a) < namesFirst(b) ? -1 : 1))) {
    const mounted = router.route(path);
    for (const route of onPath) {
      const body = route.body === undefined ? [] : [jsonBody()];
      mounted[route.method](setLogLevel(route), authenticate(route, verifiers), ...body, answer(route));
    }
    mounted.all(methodNotAllowed(onPath));
  }
}

/** A sort key by which `/notes/trash` comes before `/notes/:id`, which would take it for an id. */
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

function authenticate(route: Route, verifiers: Verifiers): RequestHandler {
  const { access } = route;
  if (access === 'public') return (_req, _res, next) => next();
  if (access === 'user' || 'role' in access) {
    const verify = needed(verifiers.accessToken, route);
    return async (req, res, next) => {
      const user = await verify(bearerToken(req));
      res.locals['user'] = user;
      res.locals['userId'] = user.id;
      if (access !== 'user') {
        if (user.role !== access.role) throw new Problem(problems.forbidden);
        if (verifiers.isFresh?.() === false) throw new Problem(problems.serviceUnavailable);
      }
      next();
    };
  }
  const verify = needed(verifiers.serviceToken, route);
  return (req, _res, next) => {
    verify(bearerToken(req), access.callers);
    next();
  };
}

function needed<Verify>(verify: Verify | undefined, { method, path }: Route): Verify {
  if (verify === undefined) throw new Error(`${method} ${path} needs a token verifier that was not given`);
  return verify;
}

/** The token of the Authorization header (RFC 6750, section 2.1). Throws `unauthenticated` when there is none. */
export function bearerToken(req: Request): string {
  const [, token] = /^Bearer +([A-Za-z0-9._~+/-]+=*)$/i.exec(req.get('authorization') ?? '') ?? [];
  if (token === undefined) throw new Problem(problems.unauthenticated);
  return token;
}

function answer(route: Route): RequestHandler {
  return async (req, res) => {
    // In the order of refusals: a bad request before a thing that does not exist.
    if (route.query) refuseRepeatedParameters(route.query, req);
    const query = route.query && parsePart('query', route.query, req.query);
    const body = route.body && parsePart('body', route.body, req.body);
    const reply = await route.handler({
      params: parseParams(route, req),
      query,
      body,
      header: (name: string) => req.get(name),
      user: res.locals['user'],
    });
    send(route, reply, res);
  };
}

function parseParams(route: Route, req: Request): unknown {
  const result = route.params?.safeParse(req.params);
  if (result?.success === false) throw new Problem(problems.notFound);
  return result?.data;
}

function send(route: Route, reply: Awaited<ReturnType<Route['handler']>>, res: Response): void {
  const spec = route.responses[reply.status];
  if (spec === undefined)
    throw new Error(`${route.method} ${route.path} does not declare the status ${reply.status}`);
  res.status(reply.status).set(reply.headers ?? {});
  if (spec.schema === undefined) res.end();
  else res.json(spec.schema.parse(reply.body));
}
