import { problems, route, type Route } from '@polyglot-notes/service-kit';
import { invalidCredentials } from '../accounts/login.service.ts';
import { emailTaken } from '../accounts/registration.service.ts';
import type { Context } from '../context.ts';
import { ChangeEmail, ResendVerification, VerifyEmail } from './emails.schemas.ts';
import { emailsService, invalidVerificationToken } from './emails.service.ts';

const tag = 'Auth';

export function emailsRoutes(context: Context): Route[] {
  const emails = emailsService(context);
  return [
    route({
      method: 'post',
      path: '/api/auth/resend-verification',
      tag,
      summary: 'Ask for a mail with a token that confirms your email',
      description: 'Answers the same whether or not there is such an account, and it needs one.',
      access: 'public',
      limit: 'strict',
      body: ResendVerification,
      responses: { 202: { description: 'If there is such an account, a mail is on its way' } },
      handler: async ({ body }) => {
        await emails.resend(body.email);
        return { status: 202 };
      },
    }),
    route({
      method: 'post',
      path: '/api/auth/change-email',
      tag,
      summary: 'Ask for another email',
      description: 'A mail goes there; the email changes when its token is used, within an hour.',
      access: 'user',
      limit: 'strict',
      body: ChangeEmail,
      responses: { 202: { description: 'A mail is on its way to the new email' } },
      problems: [invalidCredentials, emailTaken, problems.tokenRevoked],
      handler: async ({ user, body }) => {
        await emails.change(user.id, body);
        return { status: 202 };
      },
    }),
    route({
      method: 'post',
      path: '/api/auth/verify-email',
      tag,
      summary: 'Confirm an email with the token of a mail',
      description:
        'It works once: for a day, or for an hour if it makes another email the one of the account.',
      access: 'public',
      limit: 'strict',
      body: VerifyEmail,
      responses: { 204: { description: 'The email is confirmed' } },
      problems: [invalidVerificationToken, emailTaken],
      handler: async ({ body }) => {
        await emails.verify(body.token);
        return { status: 204 };
      },
    }),
  ];
}
