import { Problem, problems, type VerifyAccessToken } from '@polyglot-notes/service-kit';
import type { AccountsRepository } from './accounts.repository.ts';

/**
 * A verifier that asks the database, too: an account that is switched off, gone or of another role now is refused, and a
 * token from before the latest cut.
 */
export const verifierOfAccounts =
  (verify: VerifyAccessToken, accounts: Pick<AccountsRepository, 'find'>): VerifyAccessToken =>
  async (token) => {
    const user = await verify(token);
    const account = await accounts.find(user.id);
    const counts =
      account?.status === 'active' && account.role === user.role && account.minVer <= user.version;
    if (!counts) throw new Problem(problems.tokenRevoked);
    return user;
  };
