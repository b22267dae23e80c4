import type { Texts } from './texts.ts';

/** The mails in English. */
export const english: Texts = {
  language: 'en',
  forPrograms: 'If an app asks for a token instead, it is:',

  verifyEmail: ({ to }) => ({
    subject: 'Confirm your email',
    before: [
      `Somebody registered an account with your email ${to}.`,
      'If it was you, open this page within 24 hours and enter your password:',
    ],
    action: 'Confirm your email',
    after: [
      'If it was not you, ignore this mail. Or open the page and choose a password of your own: the account is then yours, and the person who registered it is logged out.',
    ],
  }),

  changeEmail: ({ to }) => ({
    subject: 'Confirm your new email',
    before: [
      `The owner of an account wants to use your email ${to} for it from now on.`,
      'If it was you, open this page within an hour and confirm it:',
    ],
    action: 'Confirm your new email',
    after: [
      'If it was not you, ignore this mail. The account keeps its old email. Do not give the link or the token to anybody.',
    ],
  }),

  resetPassword: ({ to }) => ({
    subject: 'Choose a new password',
    before: [
      `Somebody asked for a new password for the account of ${to}.`,
      'If it was you, open this page within 15 minutes and choose one:',
    ],
    action: 'Choose a new password',
    after: ['If it was not you, ignore this mail. Your password stays the same.'],
  }),

  loginLocked: ({ to, since }) => ({
    subject: 'Logins to your account are locked for a while',
    before: [
      `Since ${timeOf(since).slice(3)}, somebody has sent too many wrong passwords for the account of ${to}. Further attempts are refused for a minute, then for longer if it goes on. Open sessions go on.`,
      'If you cannot log in, open this page within 15 minutes and choose a new password:',
    ],
    action: 'Choose a new password',
    after: ['Otherwise, ignore this mail. Your password stays the same.'],
  }),

  newDevice: ({ to, since, device = 'unknown' }) => ({
    subject: 'A login from a new device',
    before: [
      `Somebody logged in to the account of ${to} ${timeOf(since)} from a new device: ${device}.`,
      'If it was not you, open this page within 15 minutes and choose a new password, which ends every session:',
    ],
    action: 'This was not me',
    after: ['If it was you, ignore this mail.'],
  }),

  passwordChanged: ({ to, since }) => ({
    subject: 'Your password was changed',
    before: [
      `The password of the account of ${to} was changed ${timeOf(since)}. Every session that was open before has ended.`,
      'If you did not change it, request a new password with your email, and contact the operator of this service.',
    ],
  }),

  accountDeactivated: ({ to, since }) => ({
    subject: 'Your account was deactivated',
    before: [
      `The account of ${to} was deactivated ${timeOf(since)}. Nobody can log in to it, and its notes are kept.`,
      'If you did not ask for it, contact the operator of this service.',
    ],
  }),

  accountErased: ({ to, since }) => ({
    subject: 'Your account was deleted',
    before: [
      `The account of ${to} was deleted ${timeOf(since)}, with all notes. This cannot be undone.`,
      'If you did not ask for it, contact the operator of this service. This is the last mail about the account.',
    ],
  }),

  emailChanged: ({ newEmail = 'another one' }) => ({
    subject: 'Your email was changed',
    before: [
      `The email of your account is now ${newEmail}. If you did not change it, contact the operator of this service.`,
    ],
  }),
};

const timeOf = (time: Date) =>
  `on ${time.toISOString().slice(0, 10)} at ${time.toISOString().slice(11, 16)} UTC`;
