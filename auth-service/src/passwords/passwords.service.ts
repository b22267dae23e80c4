import { setTimeout as delay } from 'node:timers/promises';
import { Problem, problems, problemType } from '@polyglot-notes/service-kit';
import { tellUserService } from '../accounts/credential-delivery.ts';
import type { Credential } from '../accounts/credentials.repository.ts';
import type { Context } from '../context.ts';
import { hashOf, makeMailedToken } from '../mail/mailed-token.ts';
import { sendWithToken } from '../mail/send-with-token.ts';
import { bearerWithPassword, wrongCurrentPassword } from './current-password.ts';
import { isPersonal, personalPassword } from './new-password.ts';
import type { UpdatePassword } from './passwords.schemas.ts';
import { resetMail } from './reset-mail.ts';

export const invalidResetToken = problemType(
  400,
  'invalid_reset_token',
  'The token is unknown, used, or older than 15 minutes',
);

const resetMinutes = 15;
const usernameMs = 1_000;

type Dependencies = Pick<
  Context,
  'credentials' | 'passwords' | 'userService' | 'relay' | 'mailer' | 'publicUrl' | 'background' | 'clock'
>;

export function passwordsService(context: Dependencies) {
  const tell = tellUserService(context);
  const sendOrTakeBack = sendWithToken(context);
  const bearer = bearerWithPassword(context);
  const { credentials, passwords, userService, publicUrl, background, clock } = context;

  async function sendToken(credential: Credential): Promise<void> {
    const { token, hash } = makeMailedToken();
    const now = clock();
    const expiresAt = new Date(now.getTime() + resetMinutes * 60_000);
    if (!(await credentials.addPasswordReset(credential, { hash, expiresAt }, now))) return;
    const mail = resetMail({ to: credential.email, token, publicUrl, minutes: resetMinutes });
    await sendOrTakeBack(credential, 'passwordResets', hash, mail);
  }

  /** Throws `validation_failed` at `field` when the password is the account's own email or username. */
  async function refusePersonal(field: string, password: string, { _id, email }: Credential): Promise<void> {
    // A rule for passwords is not worth a long wait for user-service.
    const username = await Promise.race([
      userService.findUsername(_id),
      delay(usernameMs, undefined, { ref: false }),
    ]);
    if (!isPersonal(password, { email, username })) return;
    throw new Problem(problems.validationFailed, {
      errors: [{ path: `body.${field}`, ...personalPassword }],
    });
  }

  return {
    /** Sends a token if there is such an account; all that could tell whether there is comes after the answer. */
    async forgot(email: string): Promise<void> {
      const credential = await credentials.findByEmail(email);
      if (credential !== null)
        background.run('a mail for a new password could not be sent', () => sendToken(credential));
    },

    async reset(token: string, password: string): Promise<void> {
      const hash = hashOf(token);
      const credential = await credentials.findByPasswordReset(hash, clock());
      if (credential === null) throw new Problem(invalidResetToken);
      await refusePersonal('password', password, credential);
      const passwordHash = await passwords.hash(password);
      const changed = await credentials.resetPassword(hash, clock(), passwordHash);
      if (changed === null) throw new Problem(invalidResetToken);
      await tell(changed);
    },

    /** The account, with its password changed. */
    async update(id: string, { currentPassword, newPassword }: UpdatePassword): Promise<Credential> {
      const credential = await bearer(id, currentPassword);
      await refusePersonal('newPassword', newPassword, credential);
      // Of several changes at once one wins: to the others, the password that they know is not the current one any more.
      const changed = await credentials.changePassword(credential, await passwords.hash(newPassword));
      if (changed === null) throw wrongCurrentPassword();
      await tell(changed);
      return changed;
    },
  };
}
