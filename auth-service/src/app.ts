import { isUnavailable } from '@polyglot-notes/mongo-kit';
import { deliveriesRoutes, serviceApp, type Route, type Shutdown } from '@polyglot-notes/service-kit';
import type { Context } from './context.ts';
import { emailsRoutes } from './emails/emails.routes.ts';
import { eventsRoutes } from './events/events.routes.ts';
import { loginRoutes } from './login/login.routes.ts';
import { mailsRoutes } from './mail/mails.routes.ts';
import { passwordsRoutes } from './passwords/passwords.routes.ts';
import { registrationRoutes } from './registration/registration.routes.ts';
import { revocationsRoutes } from './revocations/revocations.routes.ts';
import { sessionsRoutes } from './sessions/sessions.routes.ts';
import { signingKeysRoutes } from './signing-keys/signing-keys.routes.ts';
import { internalAccountsRoutes } from './sync/internal-accounts.routes.ts';
import { internalReconciliationRoutes } from './sync/internal-reconciliation.routes.ts';

/** The declared routes of the service. Declaring them calls nothing of the context. */
export const routes = (context: Context): Route[] => [
  ...registrationRoutes(context),
  ...loginRoutes(context),
  ...sessionsRoutes(context),
  ...passwordsRoutes(context),
  ...emailsRoutes(context),
  ...eventsRoutes(context),
  ...signingKeysRoutes(context),
  ...mailsRoutes(context),
  ...deliveriesRoutes({
    base: '/api/auth/deliveries',
    tag: 'Auth',
    noun: 'account',
    deliveries: context.deliveries,
  }),
  ...internalAccountsRoutes(context),
  ...internalReconciliationRoutes(context),
  ...revocationsRoutes({ ...context, sources: context.revocationSources }),
];

export const createApp = (context: Context, shutdown?: Shutdown) =>
  serviceApp({
    title: 'auth-service',
    log: context.log,
    routes: routes(context),
    verifiers: { accessToken: context.verifyAccessToken, serviceToken: context.verifyServiceToken },
    headers: { 'Cache-Control': 'no-store' },
    checks: {
      mongodb: context.pingDatabase,
      firstAdmin: () => context.firstAdmin.check(),
      signingKeys: () => void context.signingKeys.current(),
    },
    metrics: context.metrics,
    tracing: context.tracing,
    shutdown,
    publicUrl: context.publicUrl,
    isUnavailable,
  });
