import type { Mail } from '../mailer.ts';
import { linkMail, type MailedLink } from './link-mail.ts';

/** A mail with a token for a new password. */
export const passwordResetMail = (mailed: MailedLink): Mail =>
  linkMail({
    ...mailed,
    subject: 'Choose a new password',
    before: [
      `Somebody asked for a new password for the account of ${mailed.to}.`,
      `If it was you, open this page within ${mailed.lifetime} and choose one:`,
    ],
    action: 'Choose a new password',
    after: ['If it was not you, ignore this mail. Your password stays the same.'],
  });
