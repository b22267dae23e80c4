import { Problem, problems, type VerifyAccessToken } from '@polyglot-notes/service-kit';
import type { CredentialsRepository } from './credentials.repository.ts';

/** A verifier that asks the database, too: an account that is switched off, erased or of another role now is refused. */
export const verifierOfAccounts =
  (verify: VerifyAccessToken, credentials: Pick<CredentialsRepository, 'findUsable'>): VerifyAccessToken =>
  async (token) => {
    const user = await verify(token);
    const credential = await credentials.findUsable(user.id);
    if (credential?.role !== user.role) throw new Problem(problems.tokenRevoked);
    return user;
  };
