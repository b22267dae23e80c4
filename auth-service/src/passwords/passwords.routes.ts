import { problems, route, type Route } from '@polyglot-notes/service-kit';
import { invalidCredentials } from '../credentials/problems.ts';
import { loginLocked } from '../login-locks/login-locks.ts';
import { deviceOf } from '../sessions/session.model.ts';
import { TokenPair } from '../sessions/sessions.schemas.ts';
import { ForgotPassword, ResetParams, ResetPassword, UpdatePassword } from './passwords.schemas.ts';
import {
  createPasswordsService,
  invalidResetToken,
  passwordUnchanged,
  type Dependencies,
} from './passwords.service.ts';

const tag = 'Auth';

export function passwordsRoutes(dependencies: Dependencies & { pingDatabase: () => Promise<void> }): Route[] {
  const passwords = createPasswordsService(dependencies);
  return [
    route({
      method: 'post',
      path: '/api/auth/forgot-password',
      tag,
      summary: 'Request a password reset mail',
      description: 'The answer is the same whether or not the account exists.',
      access: 'public',
      limit: 'strict',
      body: ForgotPassword,
      responses: { 202: { description: 'If the account exists, a mail is sent' } },
      handler: async ({ body }) => {
        // Without it, a request could be accepted that is then lost. It takes the same time for every email.
        await dependencies.pingDatabase();
        return { status: 202, afterwards: () => passwords.forgot(body.email) };
      },
    }),
    route({
      method: 'patch',
      path: '/api/auth/reset-password/:token',
      tag,
      summary: 'Set a new password with a mailed token',
      description:
        'The token works once, for 15 minutes, until another token of the account is used. It also confirms the email and ends the locks of the account. All sessions end.',
      access: 'public',
      limit: 'strict',
      params: ResetParams,
      body: ResetPassword,
      responses: { 204: { description: 'The new password is set' } },
      problems: [invalidResetToken, passwordUnchanged],
      handler: async ({ params, body, client }) => {
        await passwords.reset(params.token, body.password, deviceOf(client));
        return { status: 204 };
      },
    }),
    route({
      method: 'patch',
      path: '/api/auth/update-password',
      tag,
      summary: 'Change your password',
      description:
        'All other sessions end, and all earlier access and refresh tokens of this one are invalid.',
      access: 'user',
      limit: 'strict',
      body: UpdatePassword,
      responses: {
        200: { description: 'The new password is set; new tokens of this session', schema: TokenPair },
      },
      problems: [invalidCredentials, passwordUnchanged, problems.tokenRevoked, loginLocked],
      handler: async ({ user, body, client }) => ({
        status: 200,
        body: await passwords.update(user, body, deviceOf(client)),
      }),
    }),
  ];
}
