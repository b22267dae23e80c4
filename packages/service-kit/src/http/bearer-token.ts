import { Problem, problems } from '../problems/problem.ts';

/** The token of the Authorization header (RFC 6750, section 2.1). Throws `unauthenticated` when there is none. */
export function bearerToken(req: { get: (name: string) => string | undefined }): string {
  const [, token] = /^Bearer +([A-Za-z0-9._~+/-]+=*)$/i.exec(req.get('authorization') ?? '') ?? [];
  if (token === undefined) throw new Problem(problems.unauthenticated);
  return token;
}
