import { isUnavailable, ping } from '@polyglot-notes/mongo-kit';
import {
  deliveriesRoutes,
  keysLoaded,
  revocationsLoaded,
  serviceApp,
  type Route,
  type Shutdown,
} from '@polyglot-notes/service-kit';
import { accountsRoutes } from './accounts/accounts.routes.ts';
import { internalFirstAdminRoutes } from './accounts/internal-first-admin.routes.ts';
import type { Context } from './context.ts';
import { profilesRoutes } from './profiles/profiles.routes.ts';
import { internalEndedSessionsRoutes } from './sessions/internal-ended-sessions.routes.ts';
import { internalProfilesRoutes } from './sync/internal-profiles.routes.ts';

/** The declared routes of the service. Declaring them calls nothing of the context. */
export const routes = (context: Context): Route[] => [
  ...profilesRoutes(context),
  ...accountsRoutes(context),
  ...deliveriesRoutes({
    base: '/api/users/deliveries',
    tag: 'Users',
    noun: 'account',
    deliveries: context.deliveries,
  }),
  ...internalProfilesRoutes(context),
  ...internalFirstAdminRoutes(context),
  ...internalEndedSessionsRoutes(context),
];

export const createApp = (context: Context, shutdown?: Shutdown) =>
  serviceApp({
    title: 'user-service',
    log: context.log,
    routes: routes(context),
    verifiers: {
      accessToken: context.verifyAccessToken,
      serviceToken: context.verifyServiceToken,
      isFresh: () => context.revocations.isFresh(),
    },
    headers: { 'Cache-Control': 'no-store' },
    checks: {
      mongodb: ping(context.db),
      signingKeys: keysLoaded(context.keys),
      revocations: revocationsLoaded(context.revocations),
    },
    metrics: context.metrics,
    tracing: context.tracing,
    shutdown,
    publicUrl: context.publicUrl,
    isUnavailable,
  });
