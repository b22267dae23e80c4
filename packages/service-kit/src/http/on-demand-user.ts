import type { Request, Response } from 'express';
import type { AccessTokenUser, VerifyAccessToken } from '../tokens/access-token.ts';
import { bearerToken } from './bearer-token.ts';
import type { Step } from './route.ts';

/** Verifies the bearer token and notes the user for the log. Throws what `verify` throws, and `unauthenticated` without a token. */
export async function bearerUser(
  verify: VerifyAccessToken,
  req: Request,
  res: Response,
): Promise<AccessTokenUser> {
  const user = await verify(bearerToken(req.headers.authorization));
  res.locals['userId'] = user.id;
  return user;
}

/** Keeps a function in `res.locals.user` that verifies the bearer token. */
export const onDemandUser =
  (verify: VerifyAccessToken): Step =>
  (req, res) => {
    res.locals['user'] = () => bearerUser(verify, req, res);
  };
