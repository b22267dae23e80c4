import { Email } from '@polyglot-notes/service-kit';
import { z } from 'zod';
import { CurrentPassword } from '../credentials/password-rules.ts';
import { exampleTokens, tokenFields } from '../sessions/sessions.schemas.ts';

export const Login = z
  .strictObject({ email: Email, password: CurrentPassword })
  .meta({ examples: [{ email: 'ada@example.com', password: 'analytical engine' }] });

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
  .meta({ id: 'LoggedIn', examples: [{ user: exampleUser, ...exampleTokens }] });

export type Login = z.output<typeof Login>;
