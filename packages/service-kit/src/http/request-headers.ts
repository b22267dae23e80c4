import { z } from 'zod';
import type { Route } from './route.ts';

/** The schema of the request headers that a route validates, by name in lower case; undefined when there are none. */
export function requestHeaderSchema({ requestHeaders = {} }: Pick<Route, 'requestHeaders'>) {
  const schemas = Object.entries(requestHeaders).flatMap(([name, header]) =>
    typeof header === 'string' ? [] : [[name.toLowerCase(), header] as const],
  );
  return schemas.length === 0 ? undefined : z.object(Object.fromEntries(schemas));
}
