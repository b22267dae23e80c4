import type { Credential, CredentialsRepository, TokenKind } from '../accounts/credentials.repository.ts';
import type { Mail, Mailer } from './mailer.ts';

/**
 * Sends a mail with a token that the credential keeps. What cannot be sent does not count among the few that may hold at
 * once. Throws the failure.
 */
export const sendWithToken =
  ({ mailer, credentials }: { mailer: Mailer; credentials: CredentialsRepository }) =>
  async (credential: Credential, kind: TokenKind, hash: string, mail: Mail): Promise<void> => {
    try {
      await mailer.send(mail);
    } catch (error) {
      await credentials.removeToken(credential, kind, hash);
      throw error;
    }
  };
