import {
  createMetrics,
  deliveriesRoutes,
  keysLoaded,
  revocationsLoaded,
  serviceApp,
  type Route,
} from '@polyglot-notes/service-kit';
import { accountsRoutes } from './accounts/accounts.routes.ts';
import { internalAccountsRoutes } from './accounts/internal-accounts.routes.ts';
import type { Context } from './context.ts';
import { isUnavailable, ping } from './database.ts';
import { accountMetrics } from './metrics.ts';
import { internalProfilesRoutes } from './profiles/internal-profiles.routes.ts';
import { profilesRoutes } from './profiles/profiles.routes.ts';

/** The declared routes of the service. Declaring them calls nothing of the context. */
export const routes = (context: Context): Route[] => [
  ...profilesRoutes(context),
  ...accountsRoutes(context),
  ...deliveriesRoutes('/api/users/deliveries', 'Users', context.deliveries),
  ...internalProfilesRoutes(context),
  ...internalAccountsRoutes(context),
];

export function createApp(context: Context, draining = () => false) {
  const metrics = createMetrics(context.log);
  accountMetrics(metrics, context);
  return serviceApp({
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
    metrics,
    draining,
    isUnavailable,
  });
}
