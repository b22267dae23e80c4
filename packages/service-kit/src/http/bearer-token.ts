import { Problem, problems } from '../problems/problem.ts';

/** The token in a value of the Authorization header (RFC 6750, section 2.1). Throws `unauthenticated` when there is none. */
export function bearerToken(authorization: string | undefined): string {
  const [, token] = /^Bearer +([A-Za-z0-9._~+/-]+=*)$/i.exec(authorization ?? '') ?? [];
  if (token === undefined) throw new Problem(problems.unauthenticated);
  return token;
}
