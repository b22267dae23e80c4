import { Problem } from '@polyglot-notes/service-kit';
import type { Credential } from '../credentials/credential.model.ts';
import type { CredentialsRepository } from '../credentials/credentials.repository.ts';
import { invalidRefreshToken } from '../credentials/problems.ts';
import { isOfAccount, isUnended, type Session } from './session.model.ts';

interface Dependencies {
  credentials: Pick<CredentialsRepository, 'findUsable'>;
  clock: () => Date;
}

/** Reads the account of a session. Throws `invalid_refresh_token` when the session has ended. */
export const createLiveAccount =
  ({ credentials, clock }: Dependencies) =>
  async (session: Session): Promise<Credential> => {
    const account = isUnended(session, clock()) ? await credentials.findUsable(session.userId) : null;
    if (account === null || !isOfAccount(session, account)) throw new Problem(invalidRefreshToken);
    return account;
  };
