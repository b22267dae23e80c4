import {
  keysLoaded,
  revocationsLoaded,
  serviceApp,
  type Route,
  type Shutdown,
} from '@polyglot-notes/service-kit';
import { changesRoutes } from './changes/changes.routes.ts';
import { batchRoutes } from './batch/batch.routes.ts';
import type { Context } from './context.ts';
import { isUnavailable, ping } from './database.ts';
import { listingRoutes } from './listing/listing.routes.ts';
import { notesRoutes } from './notes/notes.routes.ts';
import { internalOwnersRoutes } from './owners/internal-owners.routes.ts';
import { usageRoutes } from './owners/usage.routes.ts';
import { tagsRoutes } from './tags/tags.routes.ts';
import { transferRoutes } from './transfer/transfer.routes.ts';
import { trashRoutes } from './trash/trash.routes.ts';
import { versionsRoutes } from './versions/versions.routes.ts';

/** The declared routes of the service. Declaring them calls nothing of the context. */
export const routes = (context: Context): Route[] => [
  ...listingRoutes(context),
  // Before the routes with an id.
  ...changesRoutes(context),
  ...usageRoutes(context),
  ...tagsRoutes(context),
  ...trashRoutes(context),
  ...transferRoutes(context),
  ...versionsRoutes(context),
  ...notesRoutes(context),
  ...batchRoutes(context),
  ...internalOwnersRoutes(context),
];

export const createApp = (context: Context, shutdown?: Shutdown) =>
  serviceApp({
    title: 'notes-service',
    log: context.log,
    routes: routes(context),
    verifiers: { accessToken: context.verifyAccessToken, serviceToken: context.verifyServiceToken },
    headers: { 'Cache-Control': 'private, no-cache', Vary: 'Authorization' },
    checks: {
      postgresql: ping(context.db),
      signingKeys: keysLoaded(context.keys),
      revocations: revocationsLoaded(context.revocations),
    },
    metrics: context.metrics,
    tracing: context.tracing,
    shutdown,
    publicUrl: context.publicUrl,
    isUnavailable,
  });
