import { createSecretKey } from 'node:crypto';
import jwt from 'jsonwebtoken';
import { z } from 'zod';
import { decodeToken, verifyToken } from './jwt.ts';
import { Problem, problems } from '../problems/problem.ts';

const lifetimeSeconds = 60;
const renewBeforeMs = 20_000;

/**
 * Creates a source of tokens by which the service `caller` authenticates at `callee`: valid for 60 seconds, signed with
 * the first secret of this pair, and reused until 20 seconds remain.
 */
export function createServiceTokenSource({ caller, callee, secrets: [secret] }: ServicePair): () => string {
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

/** The secrets of two services. The first signs, and all are accepted, so that each service may get a new one at its own time. */
export type PairSecrets = readonly [string, ...string[]];

interface ServicePair {
  caller: string;
  callee: string;
  secrets: PairSecrets;
}

/** Verifies a token of one of the `allowed` callers. Throws `unauthenticated`, or `forbidden` for another caller. */
export type VerifyServiceToken = (token: string, allowed: readonly string[]) => void;

const Caller = z.object({ iss: z.string() });

/** Creates a verifier for the service `callee`. `secrets` maps each known caller to the secrets of the pair. */
export function createServiceTokenVerifier(
  callee: string,
  secrets: Record<string, PairSecrets>,
): VerifyServiceToken {
  const keys = new Map(
    Object.entries(secrets).map(([caller, ofPair]) => [
      caller,
      ofPair.map((secret) => createSecretKey(secret, 'utf8')),
    ]),
  );
  return (token, allowed) => {
    const decoded = decodeToken(token);
    const caller = Caller.safeParse(decoded?.payload).data?.iss;
    const ofPair = caller === undefined ? undefined : keys.get(caller);
    if (caller === undefined || ofPair === undefined || decoded?.header.typ !== 'svc+jwt') {
      throw new Problem(problems.unauthenticated);
    }
    const failures: unknown[] = [];
    const isValid = ofPair.some((key) => {
      try {
        verifyToken(token, key, {
          algorithm: 'HS256',
          issuer: caller,
          audience: callee,
          maxSeconds: lifetimeSeconds,
          now: new Date(),
        });
        return true;
      } catch (error) {
        failures.push(error);
        return false;
      }
    });
    if (!isValid) throw new Problem(problems.unauthenticated, { cause: failures[0] });
    if (!allowed.includes(caller)) throw new Problem(problems.forbidden);
  };
}
