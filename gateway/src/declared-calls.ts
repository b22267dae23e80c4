import type { IncomingMessage } from 'node:http';

/** A call in OpenAPI's notation: `POST`, `/api/auth/reset-password/{token}`. */
interface DeclaredCall {
  method: string;
  path: string;
}

/** The path of a request, without its query. */
export function pathOf({ url = '' }: Pick<IncomingMessage, 'url'>): string {
  const end = url.indexOf('?');
  return end === -1 ? url : url.slice(0, end);
}

/**
 * Returns a function that finds the declared call which a request makes. Paths match as in the services: a parameter is one
 * segment, and a trailing slash makes no difference. HEAD makes the call of GET.
 */
export function callFinder<Call extends DeclaredCall>(
  calls: readonly Call[],
): (req: Pick<IncomingMessage, 'method' | 'url'>) => Call | undefined {
  const patterns = calls.map((call) => ({
    call,
    regExp: new RegExp(`^${call.path.replaceAll(/\{\w+\}/g, '[^/]+')}/?$`),
  }));
  return (req) => {
    const method = req.method === 'HEAD' ? 'GET' : req.method;
    const path = pathOf(req);
    return patterns.find(({ call, regExp }) => call.method === method && regExp.test(path))?.call;
  };
}
