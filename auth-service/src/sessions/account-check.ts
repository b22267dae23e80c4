import { Problem, problems, type VerifyAccessToken } from '@polyglot-notes/service-kit';
import { accessVersion } from '../credentials/credential.model.ts';
import type { CredentialsRepository } from '../credentials/credentials.repository.ts';
import { isOfAccount } from './session.model.ts';
import type { SessionsRepository } from './sessions.repository.ts';

interface Dependencies {
  verify: VerifyAccessToken;
  credentials: Pick<CredentialsRepository, 'findUsable'>;
  sessions: Pick<SessionsRepository, 'findUnended'>;
}

/**
 * Verifies an access token and then the account and the session in the database: the account must be active, with the
 * role and version of the token, and the session must not have ended.
 */
export const createAccountCheck =
  ({ verify, credentials, sessions }: Dependencies): VerifyAccessToken =>
  async (token) => {
    const user = await verify(token);
    const [account, session] = await Promise.all([
      credentials.findUsable(user.id),
      sessions.findUnended(user.sessionId),
    ]);
    const isValid =
      account?.role === user.role &&
      accessVersion(account) === user.accessVersion &&
      session?.userId === user.id &&
      isOfAccount(session, account);
    if (!isValid) throw new Problem(problems.tokenRevoked);
    return user;
  };
