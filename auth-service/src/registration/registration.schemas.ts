import { Email, Username } from '@polyglot-notes/service-kit';
import { z } from 'zod';
import { RegisteredUser } from '../clients/user-service.ts';
import { isPersonal, NewPassword, personalPassword } from '../credentials/password-rules.ts';
import { exampleUser } from '../login/login.schemas.ts';
import { exampleTokens, tokenFields } from '../sessions/sessions.schemas.ts';

export const Registration = z
  .strictObject({ email: Email, password: NewPassword, username: Username.optional() })
  .refine(({ password, ...account }) => !isPersonal(password, account), {
    error: personalPassword.message,
    params: { code: personalPassword.code },
    path: ['password'],
  })
  .meta({ examples: [{ email: 'ada@example.com', password: 'analytical engine', username: 'ada' }] });

export const Registered = z.object({ user: RegisteredUser, ...z.object(tokenFields).partial().shape }).meta({
  id: 'Registered',
  examples: [
    {
      user: {
        ...exampleUser,
        username: 'ada',
        status: 'active',
        bio: null,
        avatar: null,
        createdAt: '2026-11-24T09:30:00.000Z',
        updatedAt: '2026-11-24T09:30:00.000Z',
      },
      ...exampleTokens,
    },
  ],
});

export type Registration = z.output<typeof Registration>;
