import type { Credential } from '../credentials/credential.model.ts';
import type { MailIntent, TokenMailKind } from '../credentials/mail-intents.ts';
import type { MailedTokenField } from '../credentials/mailed-tokens.ts';
import type { Links } from './links.ts';
import { resetTokenMinutes } from './mailed-token.ts';
import type { Share } from './recipients.repository.ts';

interface TokenMail {
  field: MailedTokenField;
  link: keyof Links;
  /** The lifetime of the token, from the sending of the mail. */
  minutes: number;
  /** The relation of the account to the address: confirmed, claimed by its registration, or only requested. */
  share(account: Partial<Credential>): Share;
  /** Whether the account still needs the mail. */
  isNeeded(mail: MailIntent, account: Partial<Credential>): boolean;
}

const passwordReset: TokenMail = {
  field: 'passwordResets',
  link: 'resetPassword',
  minutes: resetTokenMinutes,
  share: ({ emailVerified }) => (emailVerified === true ? 'ofConfirmedAccount' : 'ofUnconfirmedAccount'),
  isNeeded: ({ to }, { email }) => to === email,
};

/** The mails with a token. */
export const tokenMails: Record<TokenMailKind, TokenMail> = {
  verifyEmail: {
    field: 'emailConfirmations',
    link: 'verifyEmail',
    minutes: 24 * 60,
    share: () => 'ofUnconfirmedAccount',
    isNeeded: ({ to }, { email, emailVerified }) => to === email && emailVerified !== true,
  },
  changeEmail: {
    field: 'emailChanges',
    link: 'changeEmail',
    minutes: 60,
    share: () => 'ofOthers',
    // The request ends when another change has been confirmed.
    isNeeded: ({ to, from }, { email }) => to !== email && from === email,
  },
  resetPassword: passwordReset,
  loginLocked: passwordReset,
  newDevice: passwordReset,
};
