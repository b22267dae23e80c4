import { Problem, problems, type VerifyAccessToken } from '@polyglot-notes/service-kit';
import type { ProfilesRepository } from './profiles.repository.ts';

interface Dependencies {
  verify: VerifyAccessToken;
  profiles: Pick<ProfilesRepository, 'find'>;
}

/** Verifies an access token and then the account in the database: it must be active, with the role of the token. */
export const createAccountCheck =
  ({ verify, profiles }: Dependencies): VerifyAccessToken =>
  async (token) => {
    const user = await verify(token);
    const account = await profiles.find(user.id);
    const isValid =
      account?.status === 'active' &&
      account.role === user.role &&
      account.accessVersion <= user.accessVersion;
    if (!isValid) throw new Problem(problems.tokenRevoked);
    return user;
  };
