import { Problem, problems, type VerifyAccessToken } from '@polyglot-notes/service-kit';
import { accessVersion, type Credential } from '../credentials/credential.model.ts';

interface Dependencies {
  verify: VerifyAccessToken;
  credentials: { findUsable(id: string): Promise<Credential | null> };
}

/** Verifies an access token and then the account in the database: it must be active, with the role and version of the token. */
export const createAccountCheck =
  ({ verify, credentials }: Dependencies): VerifyAccessToken =>
  async (token) => {
    const user = await verify(token);
    const credential = await credentials.findUsable(user.id);
    const isValid =
      credential !== null &&
      credential.role === user.role &&
      accessVersion(credential) === user.accessVersion;
    if (!isValid) throw new Problem(problems.tokenRevoked);
    return user;
  };
