import { deliveriesRoutes, serviceApp, type Route } from '@polyglot-notes/service-kit';
import { accountsRoutes } from './accounts/accounts.routes.ts';
import { internalAccountsRoutes } from './accounts/internal-accounts.routes.ts';
import { surveyRoutes } from './accounts/survey.routes.ts';
import { firstAdminSettled } from './admins/first-admin.ts';
import type { Context } from './context.ts';
import { isUnavailable, ping } from './database.ts';
import { emailsRoutes } from './emails/emails.routes.ts';
import { passwordsRoutes } from './passwords/passwords.routes.ts';
import { revocationsRoutes } from './revocations/revocations.routes.ts';
import { signingKeysRoutes } from './signing-keys/signing-keys.routes.ts';

/** The declared routes of the service. Declaring them calls nothing of the context. */
export const routes = (context: Context): Route[] => [
  ...accountsRoutes(context),
  ...passwordsRoutes(context),
  ...emailsRoutes(context),
  ...signingKeysRoutes(context),
  ...deliveriesRoutes('/api/auth/deliveries', 'Auth', context.deliveries),
  ...internalAccountsRoutes(context),
  ...surveyRoutes(context),
  ...revocationsRoutes(context),
];

export const createApp = (context: Context, draining = () => false) =>
  serviceApp({
    title: 'auth-service',
    log: context.log,
    routes: routes(context),
    verifiers: { accessToken: context.verifyAccessToken, serviceToken: context.verifyServiceToken },
    headers: { 'Cache-Control': 'no-store' },
    checks: { mongodb: ping(context.db), firstAdmin: firstAdminSettled(context) },
    draining,
    isUnavailable,
  });
