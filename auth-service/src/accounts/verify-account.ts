import { Problem, problems, type VerifyAccessToken } from '@polyglot-notes/service-kit';
import { accessVersion } from './credential.model.ts';
import type { CredentialsRepository } from './credentials.repository.ts';

/**
 * A verifier that asks the database, too: an account that is switched off, erased or of another role
 * now is refused, and a token from before the latest cut.
 */
export const verifierOfAccounts =
  (verify: VerifyAccessToken, credentials: Pick<CredentialsRepository, 'findUsable'>): VerifyAccessToken =>
  async (token) => {
    const user = await verify(token);
    const credential = await credentials.findUsable(user.id);
    const counts = credential?.role === user.role && accessVersion(credential) === user.version;
    if (!counts) throw new Problem(problems.tokenRevoked);
    return user;
  };
