import type { Mail } from '../mailer.ts';
import { linkMail, type MailedLink } from './link-mail.ts';

/** A mail with a token that confirms the email of an account. */
export const emailConfirmationMail = (mailed: MailedLink): Mail =>
  linkMail({
    ...mailed,
    subject: 'Confirm your email',
    before: [
      `Somebody registered an account with your email ${mailed.to}.`,
      `If it was you, open this page within ${mailed.lifetime} and enter your password:`,
    ],
    action: 'Confirm your email',
    after: [
      'If it was not you, ignore this mail. Or open the page and choose a password of your own: the account is then yours, and the person who registered it is logged out.',
    ],
  });

/** A mail with a token that makes another email the email of an account. */
export const emailChangeMail = (mailed: MailedLink): Mail =>
  linkMail({
    ...mailed,
    subject: 'Confirm your new email',
    before: [
      `The owner of an account wants to use your email ${mailed.to} for it from now on.`,
      `If it was you, open this page within ${mailed.lifetime} and confirm it:`,
    ],
    action: 'Confirm your new email',
    after: [
      'If it was not you, ignore this mail. The account keeps its old email. Do not give the link or the token to anybody.',
    ],
  });
