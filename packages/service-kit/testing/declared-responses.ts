import assert from 'node:assert/strict';
import type { Route } from '../src/index.ts';

/** Throws when the JSON body of an answer is not what the route of the request declares for its status. */
export function checkDeclared(
  routes: readonly Route[],
  request: { method: string; path: string },
  { status, body }: { status: number; body: unknown },
): void {
  const schema = routeOf(routes, request)?.responses[status]?.schema;
  if (schema === undefined || body === undefined) return;
  assert.deepStrictEqual(schema.parse(body), body);
}

function routeOf(routes: readonly Route[], request: { method: string; path: string }): Route | undefined {
  const method = request.method.toLowerCase();
  const [path = ''] = request.path.split('?');
  const matching = routes.filter((route) => route.method === method && patternOf(route).test(path));
  return matching.find((route) => route.path === path) ?? matching[0];
}

const patternOf = ({ path }: Route) =>
  new RegExp(`^${path.replaceAll('.', '\\.').replaceAll(/:\w+/g, '[^/]+')}$`);
