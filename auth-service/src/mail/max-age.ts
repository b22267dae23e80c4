import type { MailIntent } from '../credentials/mail-intents.ts';

/** The hours in which a mail is of use: until they are over, it is tried again. An outage of the mail server may take a day. */
export const maxAgeHours: Record<MailIntent['kind'], number> = {
  // After a day, a person has asked again, or logged in.
  resetPassword: 24,
  loginLocked: 24,
  changeEmail: 24,
  // A registration at the beginning of a weekend.
  verifyEmail: 72,
  newDevice: 168,
  passwordChanged: 168,
  emailChanged: 168,
  accountDeactivated: 168,
  accountErased: 168,
};
