import { Email } from '@polyglot-notes/service-kit';
import { z } from 'zod';
import { CurrentPassword } from '../credentials/password-rules.ts';

export const VerifyEmail = z
  .strictObject({
    token: z.string().min(1).max(200).meta({ description: 'The token of the mail.' }),
    password: CurrentPassword.optional().meta({
      description:
        'The current password, or the new one: 8 characters to 72 bytes. It is ignored when the call has an access token or when the token changes the email of the account.',
    }),
  })
  .meta({
    examples: [
      { token: 'q2mR1xq0mCwY3z9wq2Y1d0fJ7r8s5t6u7v8w9x0yZ1A', password: 'difference engine' },
      { token: 'q2mR1xq0mCwY3z9wq2Y1d0fJ7r8s5t6u7v8w9x0yZ1A' },
    ],
  });

export const ResendVerification = z
  .strictObject({ email: Email })
  .meta({ examples: [{ email: 'ada@example.com' }] });

export const ChangeEmail = z
  .strictObject({ currentPassword: CurrentPassword, newEmail: Email })
  .meta({ examples: [{ currentPassword: 'analytical engine', newEmail: 'ada@example.org' }] });

export type VerifyEmail = z.output<typeof VerifyEmail>;
export type ChangeEmail = z.output<typeof ChangeEmail>;
