import { Problem, problems, problemType } from '@polyglot-notes/service-kit';
import { tellUserService } from '../accounts/credential-delivery.ts';
import type { Credential } from '../accounts/credentials.repository.ts';
import { emailTaken } from '../accounts/registration.service.ts';
import type { Context } from '../context.ts';
import { hashOf, makeMailedToken } from '../mail/mailed-token.ts';
import { wrongCurrentPassword } from '../passwords/passwords.service.ts';
import { changedMail, confirmationMail } from './email-mails.ts';
import type { ChangeEmail } from './emails.schemas.ts';

export const invalidVerificationToken = problemType(
  400,
  'invalid_verification_token',
  'The token is unknown, used, or older than a day',
);

const hours = 24;

type Dependencies = Pick<
  Context,
  'credentials' | 'passwords' | 'relay' | 'mailer' | 'publicUrl' | 'background' | 'clock'
>;

/** Which email an account has, and that its owner reads it. user-service keeps a copy and is told of every change. */
export function emailsService(context: Dependencies) {
  const { credentials, passwords, mailer, publicUrl, background, clock } = context;
  const tell = tellUserService(context);

  async function sendToken({ _id }: Credential, email: string): Promise<void> {
    const { token, hash } = makeMailedToken();
    const now = clock();
    const expiresAt = new Date(now.getTime() + hours * 60 * 60_000);
    if (!(await credentials.addEmailConfirmation(_id, { hash, email, expiresAt }, now))) return;
    await mailer.send(confirmationMail({ to: email, token, publicUrl, hours }));
  }

  const sendAfterAnswer = (credential: Credential, email: string) =>
    background.run('a mail that confirms an email could not be sent', () => sendToken(credential, email));

  return {
    /** Sends a token if there is such an account that needs one; nothing of that shows in the answer. */
    async resend(email: string): Promise<void> {
      const credential = await credentials.findByEmail(email);
      if (credential !== null && !credential.emailVerified) sendAfterAnswer(credential, email);
    },

    /** Sends a token to another email, which becomes the account's when that is used. */
    async change(id: string, { currentPassword, newEmail }: ChangeEmail): Promise<void> {
      const credential = await credentials.findUsable(id);
      if (credential === null) throw new Problem(problems.tokenRevoked);
      if (!(await passwords.matches(currentPassword, credential.passwordHash))) throw wrongCurrentPassword();
      const owner = await credentials.findByEmail(newEmail);
      if (owner !== null && owner._id !== id) throw new Problem(emailTaken);
      sendAfterAnswer(credential, newEmail);
    },

    async verify(token: string): Promise<void> {
      const hash = hashOf(token);
      const before = await credentials.findByEmailConfirmation(hash, clock());
      const confirmation = before?.emailConfirmations.find((one) => one.hash === hash);
      if (before === null || confirmation === undefined) throw new Problem(invalidVerificationToken);
      const { email } = confirmation;
      const after = await credentials.confirmEmail(hash, email, clock());
      if (after === 'email_taken') throw new Problem(emailTaken);
      if (after === null) throw new Problem(invalidVerificationToken);
      await tell(after);
      if (before.email !== email)
        background.run('the earlier email could not be told of the change', () =>
          mailer.send(changedMail(before.email, email)),
        );
    },
  };
}
