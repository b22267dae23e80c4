import type { Config } from '../config.ts';

type LinkSettings = Pick<
  Config,
  'PUBLIC_URL' | 'RESET_PASSWORD_URL' | 'VERIFY_EMAIL_URL' | 'CHANGE_EMAIL_URL'
>;

export type Links = ReturnType<typeof createLinks>;

/** The links in mails. The token is in the fragment, which browsers do not send to a server. */
export function createLinks(settings: LinkSettings) {
  const { PUBLIC_URL, RESET_PASSWORD_URL, VERIFY_EMAIL_URL, CHANGE_EMAIL_URL } = settings;
  const linkTo =
    (page = '') =>
    (token: string) =>
      `${page}#token=${token}`;
  return {
    resetPassword: linkTo(RESET_PASSWORD_URL ?? `${PUBLIC_URL}/reset-password`),
    verifyEmail: linkTo(VERIFY_EMAIL_URL ?? `${PUBLIC_URL}/verify-email`),
    changeEmail: linkTo(CHANGE_EMAIL_URL ?? `${PUBLIC_URL}/change-email`),
  };
}
