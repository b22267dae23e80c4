import { problems, route, type Route } from '@polyglot-notes/service-kit';
import { invalidCredentials } from '../accounts/login.service.ts';
import { accessVersion } from '../accounts/credential.model.ts';
import type { Context } from '../context.ts';
import { ForgotPassword, NewToken, ResetParams, ResetPassword, UpdatePassword } from './passwords.schemas.ts';
import { invalidResetToken, passwordsService } from './passwords.service.ts';

const tag = 'Auth';

export function passwordsRoutes(context: Context): Route[] {
  const passwords = passwordsService(context);
  return [
    route({
      method: 'post',
      path: '/api/auth/forgot-password',
      tag,
      summary: 'Ask for a mail with a token for a new password',
      description: 'Answers the same whether or not there is such an account.',
      access: 'public',
      limit: 'strict',
      body: ForgotPassword,
      responses: { 202: { description: 'If there is such an account, a mail is on its way' } },
      handler: async ({ body }) => {
        await passwords.forgot(body.email);
        return { status: 202 };
      },
    }),
    route({
      method: 'patch',
      path: '/api/auth/reset-password/:token',
      tag,
      summary: 'Choose a new password with the token of a mail',
      description:
        'The token works once, for 15 minutes, and not after another one of the account was used. All access tokens from before it stop working.',
      access: 'public',
      limit: 'strict',
      params: ResetParams,
      body: ResetPassword,
      responses: { 204: { description: 'The new password holds' } },
      problems: [invalidResetToken],
      handler: async ({ params, body }) => {
        await passwords.reset(params.token, body.password);
        return { status: 204 };
      },
    }),
    route({
      method: 'patch',
      path: '/api/auth/update-password',
      tag,
      summary: 'Change your password',
      description: 'All tokens from before it stop working.',
      access: 'user',
      limit: 'strict',
      body: UpdatePassword,
      responses: { 200: { description: 'The new password holds; a new access token', schema: NewToken } },
      problems: [invalidCredentials, problems.tokenRevoked],
      handler: async ({ user, body }) => {
        const credential = await passwords.update(user.id, body);
        const { _id: id, role } = credential;
        return {
          status: 200,
          body: context.issueAccessToken({ id, role, version: accessVersion(credential) }),
        };
      },
    }),
  ];
}
