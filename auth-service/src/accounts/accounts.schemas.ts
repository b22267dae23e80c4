import { text } from '@polyglot-notes/service-kit';
import { dictionary } from '@zxcvbn-ts/language-common';
import { z } from 'zod';
import { RegisteredUser } from '../clients/user-service.ts';
import { maxPasswordBytes } from './password-hasher.ts';

// In lower case only after it has been found to be ASCII: other letters may turn into these.
const Email = z
  .string()
  .trim()
  .pipe(z.email('must be an email address').max(254, 'must be at most 254 characters').toLowerCase())
  .meta({ format: 'email' });

const Username = z
  .string()
  .trim()
  .regex(/^[A-Za-z0-9_.-]{3,30}$/, 'must be 3 to 30 of A-Z, a-z, 0-9, "_", "." and "-"');

const minPasswordLength = 8;
const commonPasswords = new Set(dictionary['passwords-common']);

const passwordFault = (message: string, code: string) => ({ error: message, params: { code }, abort: true });

const NewPassword = text({ max: 1_000 })
  .refine(
    (password) =>
      Array.from(password).length >= minPasswordLength && Buffer.byteLength(password) <= maxPasswordBytes,
    passwordFault('must be at least 8 characters and at most 72 bytes in UTF-8', 'password_length'),
  )
  .refine(
    (password) => !commonPasswords.has(password.toLowerCase()),
    passwordFault('is one of the most common passwords', 'password_common'),
  )
  .meta({ minLength: minPasswordLength, maxLength: maxPasswordBytes, format: 'password' });

export const Registration = z
  .strictObject({ email: Email, password: NewPassword, username: Username.optional() })
  .refine(
    ({ email, password, username }) =>
      ![email, email.slice(0, email.indexOf('@')), username?.toLowerCase()].includes(password.toLowerCase()),
    { ...passwordFault('must not be the email or the username', 'password_personal'), path: ['password'] },
  );

export const Login = z.strictObject({
  email: Email,
  password: text({ min: 1, max: 1_000 }).meta({ format: 'password' }),
});

const tokenFields = {
  accessToken: z.string(),
  tokenType: z.literal('Bearer'),
  expiresIn: z.int().meta({ description: 'Seconds until the access token expires.' }),
};

export const Registered = z.object({ user: RegisteredUser, ...tokenFields }).meta({ id: 'Registered' });

export const LoggedIn = z
  .object({
    user: z.object({ id: z.string(), email: z.string(), emailVerified: z.boolean(), role: z.string() }),
    ...tokenFields,
  })
  .meta({ id: 'LoggedIn' });

export type Registration = z.output<typeof Registration>;
export type Login = z.output<typeof Login>;
