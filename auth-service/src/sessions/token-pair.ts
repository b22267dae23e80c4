import { accessVersion, type Credential } from '../credentials/credential.model.ts';
import type { IssueAccessToken } from './access-tokens.ts';
import type { RefreshToken } from './refresh-token.ts';
import { latestEnd, type SessionLimits } from './session-limits.ts';
import type { Session } from './session.model.ts';

interface Dependencies {
  issueAccessToken: IssueAccessToken;
  sessionLimits: SessionLimits;
}

export type IssuePair = ReturnType<typeof createIssuePair>;

/** Issues an access token for a session and returns it together with the refresh token. */
export const createIssuePair =
  ({ issueAccessToken, sessionLimits }: Dependencies) =>
  (account: Credential, session: Pick<Session, '_id' | 'createdAt'>, refreshToken: RefreshToken) => ({
    ...issueAccessToken({
      id: account._id,
      role: account.role,
      accessVersion: accessVersion(account),
      sessionId: session._id,
      endsAt: latestEnd(session, sessionLimits),
    }),
    refreshToken: refreshToken.text,
  });
