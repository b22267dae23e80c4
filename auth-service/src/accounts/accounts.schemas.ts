import { z } from 'zod';
import { RegisteredUser } from '../clients/user-service.ts';
import { CurrentPassword, isPersonal, NewPassword, personalPassword } from '../passwords/new-password.ts';

// In lower case only after it has been found to be ASCII: other letters may turn into these.
export const Email = z
  .string()
  .trim()
  .pipe(z.email('must be an email address').max(254, 'must be at most 254 characters').toLowerCase())
  .meta({ format: 'email' });

const Username = z
  .string()
  .trim()
  .regex(/^[A-Za-z0-9_.-]{3,30}$/, 'must be 3 to 30 of A-Z, a-z, 0-9, "_", "." and "-"');

export const Registration = z
  .strictObject({ email: Email, password: NewPassword, username: Username.optional() })
  .refine(({ password, ...account }) => !isPersonal(password, account), {
    error: personalPassword.message,
    params: { code: personalPassword.code },
    path: ['password'],
  })
  .meta({ examples: [{ email: 'ada@example.com', password: 'analytical engine', username: 'ada' }] });

export const Login = z
  .strictObject({ email: Email, password: CurrentPassword })
  .meta({ examples: [{ email: 'ada@example.com', password: 'analytical engine' }] });

export const tokenFields = {
  accessToken: z.string(),
  tokenType: z.literal('Bearer'),
  expiresIn: z.int().meta({ description: 'Seconds until the access token expires.' }),
};

export const exampleToken = { accessToken: 'eyJhbGciOiJSUzI1NiIs…', tokenType: 'Bearer', expiresIn: 900 };
const exampleId = '0198c0de-3b1f-4c55-9d3a-2f6f0c1a7e11';

export const Registered = z.object({ user: RegisteredUser, ...tokenFields }).meta({
  id: 'Registered',
  examples: [
    {
      user: {
        id: exampleId,
        email: 'ada@example.com',
        emailVerified: false,
        username: 'ada',
        role: 'user',
        status: 'active',
        bio: null,
        avatar: null,
        createdAt: '2026-11-24T09:30:00.000Z',
        updatedAt: '2026-11-24T09:30:00.000Z',
      },
      ...exampleToken,
    },
  ],
});

export const LoggedIn = z
  .object({
    user: z.object({ id: z.string(), email: z.string(), emailVerified: z.boolean(), role: z.string() }),
    ...tokenFields,
  })
  .meta({
    id: 'LoggedIn',
    examples: [
      {
        user: { id: exampleId, email: 'ada@example.com', emailVerified: false, role: 'user' },
        ...exampleToken,
      },
    ],
  });

export type Registration = z.output<typeof Registration>;
export type Login = z.output<typeof Login>;
