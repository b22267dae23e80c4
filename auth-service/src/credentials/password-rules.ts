import { text } from '@polyglot-notes/service-kit';
import { dictionary } from '@zxcvbn-ts/language-common';
import { opaqueForm, plainForm } from './password-forms.ts';
import { usernameFrom } from './username-from.ts';

/** The bytes of a password that bcrypt reads. A longer password must be refused. */
export const maxPasswordBytes = 72;
const minPasswordLength = 8;
// With the empty text, which is the plain form of a password that nobody can see.
const commonPasswords = new Set([...dictionary['passwords-common'], '']);

function hasAllowedLength(password: string): boolean {
  const opaque = opaqueForm(password);
  return Array.from(opaque).length >= minPasswordLength && Buffer.byteLength(opaque) <= maxPasswordBytes;
}

const fault = (message: string, code: string) => ({ error: message, params: { code }, abort: true });

/** A new password, as it was typed; the hasher normalizes it. `isPersonal` also checks it against the email and the username. */
export const NewPassword = text({ max: 1_000 })
  .refine(
    hasAllowedLength,
    fault('must be at least 8 characters and at most 72 bytes in UTF-8', 'password_length'),
  )
  .refine(
    (password) => !commonPasswords.has(plainForm(password)),
    fault('is one of the most common passwords', 'password_common'),
  )
  .meta({
    minLength: minPasswordLength,
    maxLength: maxPasswordBytes,
    format: 'password',
    description: `At least ${minPasswordLength} characters and at most ${maxPasswordBytes} bytes in UTF-8, after normalization to NFC. Not a common password, the email or the username.`,
    'x-maxBytes': maxPasswordBytes,
  });

/** An existing password. Only its length is limited, so passwords from before a rule still work. */
export const CurrentPassword = text({ min: 1, max: 1_000 }).meta({ format: 'password' });

export const personalPassword = {
  message: 'must not be the email or the username',
  code: 'password_personal',
};

/** Whether a password is the email, its local part, also without tag or special characters, or the username, in plain form. */
export const isPersonal = (
  password: string,
  { email, username }: { email: string; username?: string | undefined },
) => {
  const local = email.slice(0, email.lastIndexOf('@'));
  const names = [email, local, usernameFrom(email), local.split('+', 1)[0], username].filter(
    (name) => name !== undefined,
  );
  return names.map(plainForm).includes(plainForm(password));
};
