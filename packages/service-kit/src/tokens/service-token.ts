import { createSecretKey } from 'node:crypto';
import jwt from 'jsonwebtoken';
import { z } from 'zod';
import { decodeToken, verifyToken } from './jwt.ts';
import { Problem, problems } from '../problems/problem.ts';

const lifetimeSeconds = 60;
const renewBeforeMs = 20_000;

/**
 * Creates a source of tokens by which the service `caller` authenticates at `callee`: valid for 60 seconds, signed with
 * the secret of this pair, and reused until 20 seconds remain.
 */
export function createServiceTokenSource({ caller, callee, secret }: ServicePair): () => string {
  const key = createSecretKey(secret, 'utf8');
  let current = { token: '', renewAt: 0 };
  return () => {
    if (Date.now() >= current.renewAt) {
      const token = jwt.sign({}, key, {
        algorithm: 'HS256',
        header: { alg: 'HS256', typ: 'svc+jwt' },
        issuer: caller,
        audience: callee,
        expiresIn: lifetimeSeconds,
      });
      current = { token, renewAt: Date.now() + lifetimeSeconds * 1000 - renewBeforeMs };
    }
    return current.token;
  };
}

interface ServicePair {
  caller: string;
  callee: string;
  secret: string;
}

/** Verifies a token of one of the `allowed` callers. Throws `unauthenticated`, or `forbidden` for another caller. */
export type VerifyServiceToken = (token: string, allowed: readonly string[]) => void;

const Caller = z.object({ iss: z.string() });

/** Creates a verifier for the service `callee`. `secrets` maps each known caller to its secret. */
export function createServiceTokenVerifier(
  callee: string,
  secrets: Record<string, string>,
): VerifyServiceToken {
  const keys = new Map(
    Object.entries(secrets).map(([caller, secret]) => [caller, createSecretKey(secret, 'utf8')]),
  );
  return (token, allowed) => {
    const decoded = decodeToken(token);
    const caller = Caller.safeParse(decoded?.payload).data?.iss;
    const key = caller === undefined ? undefined : keys.get(caller);
    if (caller === undefined || key === undefined || decoded?.header.typ !== 'svc+jwt') {
      throw new Problem(problems.unauthenticated);
    }
    try {
      verifyToken(token, key, {
        algorithm: 'HS256',
        issuer: caller,
        audience: callee,
        maxSeconds: lifetimeSeconds,
        now: new Date(),
      });
    } catch (error) {
      throw new Problem(problems.unauthenticated, { cause: error });
    }
    if (!allowed.includes(caller)) throw new Problem(problems.forbidden);
  };
}
