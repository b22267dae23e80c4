import { Email } from '@polyglot-notes/service-kit';
import { z } from 'zod';
import { CurrentPassword, NewPassword } from '../credentials/password-rules.ts';

export const ForgotPassword = z
  .strictObject({ email: Email })
  .meta({ examples: [{ email: 'ada@example.com' }] });

export const ResetPassword = z
  .strictObject({ password: NewPassword })
  .meta({ examples: [{ password: 'difference engine' }] });

export const ResetParams = z.object({
  token: z.string().meta({ pattern: '^[A-Za-z0-9_-]+$', description: 'The token of the mail.' }),
});

export const UpdatePassword = z
  .strictObject({ currentPassword: CurrentPassword, newPassword: NewPassword })
  .meta({ examples: [{ currentPassword: 'analytical engine', newPassword: 'difference engine' }] });

export type UpdatePassword = z.output<typeof UpdatePassword>;
