import { Problem, problems, type VerifyAccessToken } from '@polyglot-notes/service-kit';
import type { EndedSessionsRepository } from '../sessions/ended-sessions.repository.ts';
import type { ProfilesRepository } from './profiles.repository.ts';

interface Dependencies {
  verify: VerifyAccessToken;
  profiles: Pick<ProfilesRepository, 'find'>;
  endedSessions: Pick<EndedSessionsRepository, 'has'>;
}

/** Verifies an access token and then, in the database, that its account is active with its role and that its session has not ended. */
export const createAccountCheck =
  ({ verify, profiles, endedSessions }: Dependencies): VerifyAccessToken =>
  async (token) => {
    const user = await verify(token);
    const [account, hasEnded] = await Promise.all([
      profiles.find(user.id),
      endedSessions.has(user.sessionId),
    ]);
    const isValid =
      !hasEnded &&
      account?.status === 'active' &&
      account.role === user.role &&
      account.accessVersion <= user.accessVersion;
    if (!isValid) throw new Problem(problems.tokenRevoked);
    return user;
  };
