import type { RequestHandler } from 'express';
import type { AccessTokenUser, VerifyAccessToken } from '../tokens/access-token.ts';
import { bearerToken } from './bearer-token.ts';

/** Keeps a function in `res.locals.user` that verifies the bearer token. It throws what `verify` throws, and `unauthenticated` without a token. */
export const onDemandUser =
  (verify: VerifyAccessToken): RequestHandler =>
  (req, res, next) => {
    res.locals['user'] = async (): Promise<AccessTokenUser> => {
      const user = await verify(bearerToken(req));
      res.locals['userId'] = user.id;
      return user;
    };
    next();
  };
