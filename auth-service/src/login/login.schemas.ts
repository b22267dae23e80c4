import { Email } from '@polyglot-notes/service-kit';
import { z } from 'zod';
import { CurrentPassword } from '../credentials/password-rules.ts';

export const Login = z
  .strictObject({ email: Email, password: CurrentPassword })
  .meta({ examples: [{ email: 'ada@example.com', password: 'analytical engine' }] });

export const tokenFields = {
  accessToken: z.string(),
  tokenType: z.literal('Bearer'),
  expiresIn: z.int().meta({ description: 'Seconds until the access token expires.' }),
};

export const exampleToken = { accessToken: 'eyJhbGciOiJSUzI1NiIs…', tokenType: 'Bearer', expiresIn: 900 };

export const exampleUser = {
  id: '0198c0de-3b1f-4c55-9d3a-2f6f0c1a7e11',
  email: 'ada@example.com',
  emailVerified: false,
  role: 'user',
};

export const LoggedIn = z
  .object({
    user: z.object({ id: z.string(), email: z.string(), emailVerified: z.boolean(), role: z.string() }),
    ...tokenFields,
  })
  .meta({ id: 'LoggedIn', examples: [{ user: exampleUser, ...exampleToken }] });

export type Login = z.output<typeof Login>;
