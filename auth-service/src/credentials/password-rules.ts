import { text } from '@polyglot-notes/service-kit';
import { dictionary } from '@zxcvbn-ts/language-common';

/** The bytes of a password that bcrypt reads. A longer password must be refused. */
export const maxPasswordBytes = 72;
const minPasswordLength = 8;
const commonPasswords = new Set(dictionary['passwords-common']);

const fault = (message: string, code: string) => ({ error: message, params: { code }, abort: true });

/** A new password. `isPersonal` also checks it against the email and the username. */
export const NewPassword = text({ max: 1_000 })
  .refine(
    (password) =>
      Array.from(password).length >= minPasswordLength && Buffer.byteLength(password) <= maxPasswordBytes,
    fault('must be at least 8 characters and at most 72 bytes in UTF-8', 'password_length'),
  )
  .refine(
    (password) => !commonPasswords.has(password.toLowerCase()),
    fault('is one of the most common passwords', 'password_common'),
  )
  .meta({
    minLength: minPasswordLength,
    maxLength: maxPasswordBytes,
    format: 'password',
    description: `At least ${minPasswordLength} characters, at most ${maxPasswordBytes} bytes in UTF-8. Not a common password, the email or the username.`,
    'x-maxBytes': maxPasswordBytes,
  });

/** An existing password. Only its length is limited, so passwords from before a rule still work. */
export const CurrentPassword = text({ min: 1, max: 1_000 }).meta({ format: 'password' });

export const personalPassword = {
  message: 'must not be the email or the username',
  code: 'password_personal',
};

/** Whether a password is the email, its local part or the username, in any case. */
export const isPersonal = (
  password: string,
  { email, username }: { email: string; username?: string | undefined },
) => [email, email.slice(0, email.indexOf('@')), username?.toLowerCase()].includes(password.toLowerCase());
