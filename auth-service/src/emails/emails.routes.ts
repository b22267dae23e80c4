import { problems, route, type Route } from '@polyglot-notes/service-kit';
import { emailTaken, invalidCredentials } from '../credentials/problems.ts';
import { loginLocked } from '../login-locks/login-locks.ts';
import { deviceOf } from '../sessions/session.model.ts';
import { ChangeEmail, ResendVerification, VerifyEmail } from './emails.schemas.ts';
import { createEmailsService, invalidVerificationToken, type Dependencies } from './emails.service.ts';

const tag = 'Auth';

export function emailsRoutes(dependencies: Dependencies & { pingDatabase: () => Promise<void> }): Route[] {
  const emails = createEmailsService(dependencies);
  return [
    route({
      method: 'post',
      path: '/api/auth/resend-verification',
      tag,
      summary: 'Request a mail that confirms your email',
      description:
        'The answer is the same whether or not the account exists and whether or not its email is confirmed.',
      access: 'public',
      limit: 'strict',
      body: ResendVerification,
      responses: { 202: { description: 'If the account exists and needs it, a mail is sent' } },
      handler: async ({ body }) => {
        // As for forgot-password.
        await dependencies.pingDatabase();
        return { status: 202, afterwards: () => emails.resend(body.email) };
      },
    }),
    route({
      method: 'post',
      path: '/api/auth/change-email',
      tag,
      summary: 'Request another email for your account',
      description:
        'A mail with a token is sent to the new email. The email changes when the token is used, within an hour.',
      access: 'user',
      limit: 'strict',
      body: ChangeEmail,
      responses: { 202: { description: 'A mail is sent to the new email' } },
      problems: [invalidCredentials, emailTaken, problems.tokenRevoked, loginLocked],
      handler: async ({ user, body, client }) => {
        await emails.change(user, body, deviceOf(client));
        return { status: 202 };
      },
    }),
    route({
      method: 'post',
      path: '/api/auth/verify-email',
      tag,
      summary: 'Confirm an email with a mailed token',
      description:
        'The token works once: for a day, or for an hour when it changes the email of the account. For the email of a registration, the owner of the mailbox decides about the account: with an access token of the account, or with its current password, the email is confirmed and nothing ends. Another password becomes the password of the account, all earlier access tokens are revoked, and the locks of the account end. Without an access token and a password, all earlier access tokens are revoked and the earlier password is no longer valid; request a new one with forgot-password. A change of email ends nothing and needs no password, because it was requested with the password.',
      access: 'optional',
      limit: 'strict',
      body: VerifyEmail,
      responses: { 204: { description: 'The email is confirmed' } },
      problems: [problems.tokenRevoked, invalidVerificationToken, emailTaken],
      handler: async ({ body, user, client }) => {
        await emails.verify(body, user, deviceOf(client));
        return { status: 204 };
      },
    }),
  ];
}
