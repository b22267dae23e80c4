import { Problem, problems, problemType } from '@polyglot-notes/service-kit';
import { tellUserService } from '../accounts/credential-delivery.ts';
import type { Credential } from '../accounts/credentials.repository.ts';
import { emailTaken } from '../accounts/registration.service.ts';
import type { Context } from '../context.ts';
import { hashOf, makeMailedToken } from '../mail/mailed-token.ts';
import { sendWithToken } from '../mail/send-with-token.ts';
import { bearerWithPassword } from '../passwords/current-password.ts';
import { changedMail, confirmationMail } from './email-mails.ts';
import type { ChangeEmail } from './emails.schemas.ts';

export const invalidVerificationToken = problemType(
  400,
  'invalid_verification_token',
  'The token is unknown, used, or too old',
);

const confirmHours = 24;
// Shorter, since five that hold are all that there may be.
const changeHours = 1;

const notSent = 'a mail that confirms an email could not be sent';

type Dependencies = Pick<
  Context,
  'credentials' | 'passwords' | 'relay' | 'mailer' | 'publicUrl' | 'background' | 'clock'
>;

/** Which email an account has, and that its owner reads it. user-service keeps a copy and is told of every change. */
export function emailsService(context: Dependencies) {
  const { credentials, mailer, publicUrl, background, clock } = context;
  const tell = tellUserService(context);
  const send = sendWithToken(context);
  const bearer = bearerWithPassword(context);

  function makeToken(email: string, hours: number) {
    const { token, hash } = makeMailedToken();
    const now = clock();
    const expiresAt = new Date(now.getTime() + hours * 60 * 60_000);
    const mail = confirmationMail({ to: email, token, publicUrl, hours });
    return { confirmation: { hash, email, expiresAt }, mail, now };
  }

  async function sendConfirmation(credential: Credential): Promise<void> {
    const { confirmation, mail, now } = makeToken(credential.email, confirmHours);
    if (await credentials.addEmailConfirmation(credential, confirmation, now))
      await send(credential, 'emailConfirmations', confirmation.hash, mail);
  }

  async function isUnchanged({ _id, version, sessionRevocations }: Credential): Promise<boolean> {
    const current = await credentials.findUsable(_id);
    return current?.version === version && current.sessionRevocations === sessionRevocations;
  }

  return {
    /** Sends a token if there is such an account that needs one; nothing of that shows in the answer. */
    async resend(email: string): Promise<void> {
      const credential = await credentials.findByEmail(email);
      if (credential !== null && !credential.emailVerified)
        background.run(notSent, () => sendConfirmation(credential));
    },

    /** Sends a token to another email, which becomes the account's when that is used. Throws `rate_limited`. */
    async change(id: string, { currentPassword, newEmail }: ChangeEmail): Promise<void> {
      // Each round starts from what is there now; it is lost only to another change of the same account.
      for (;;) {
        const credential = await bearer(id, currentPassword);
        const owner = await credentials.findByEmail(newEmail);
        if (owner !== null && owner._id !== id) throw new Problem(emailTaken);
        const { confirmation, mail, now } = makeToken(newEmail, changeHours);
        if (await credentials.addEmailChange(credential, confirmation, now)) {
          background.run(notSent, () => send(credential, 'emailChanges', confirmation.hash, mail));
          return;
        }
        if (await isUnchanged(credential)) throw tooManyChanges();
      }
    },

    async verify(token: string): Promise<void> {
      const hash = hashOf(token);
      const before = await credentials.findByEmailConfirmation(hash, clock());
      if (before === null) throw new Problem(invalidVerificationToken);
      const tokens = [...before.emailConfirmations, ...before.emailChanges];
      const confirmation = tokens.find((one) => one.hash === hash);
      if (confirmation === undefined) throw new Problem(invalidVerificationToken);
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

const tooManyChanges = () =>
  new Problem(problems.rateLimited, { headers: { 'Retry-After': String(changeHours * 60 * 60) } });
