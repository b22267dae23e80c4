import { Problem, problems } from '../problems/problem.ts';
import type { VerifyAccessToken } from '../tokens/access-token.ts';
import type { VerifyServiceToken } from '../tokens/service-token.ts';
import { bearerToken } from './bearer-token.ts';
import { bearerUser, onDemandUser } from './on-demand-user.ts';
import type { Route, Step } from './route.ts';

export interface Verifiers {
  accessToken?: VerifyAccessToken;
  serviceToken?: VerifyServiceToken;
  /** Whether the known revocations are fresh enough for routes that need a role. */
  isFresh?: () => boolean;
}

/** Checks the bearer token that the route needs and keeps the user in `res.locals.user`. */
export function authenticate(route: Route, verifiers: Verifiers): Step | undefined {
  const { access } = route;
  if (access === 'public') return undefined;
  if (access === 'onDemand') return onDemandUser(needed(verifiers.accessToken, route));
  if (access === 'user' || access === 'optional' || 'role' in access) {
    const verify = needed(verifiers.accessToken, route);
    return async (req, res) => {
      if (access === 'optional' && req.headers.authorization === undefined) return;
      const user = await bearerUser(verify, req, res);
      res.locals['user'] = user;
      if (typeof access === 'object') {
        if (user.role !== access.role) throw new Problem(problems.forbidden);
        if (verifiers.isFresh?.() === false) throw new Problem(problems.serviceUnavailable);
      }
    };
  }
  const verify = needed(verifiers.serviceToken, route);
  return (req) => verify(bearerToken(req.headers.authorization), access.callers);
}

function needed<Verify>(verify: Verify | undefined, { method, path }: Route): Verify {
  if (verify === undefined) throw new Error(`${method} ${path} needs a token verifier that was not given`);
  return verify;
}
