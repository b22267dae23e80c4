import { keysLoaded, revocationsLoaded, serviceApp } from '@polyglot-notes/service-kit';
import type { Context } from './context.ts';
import { isUnavailable, ping } from './database.ts';
import { notesRoutes } from './notes/notes.routes.ts';
import { internalOwnersRoutes } from './owners/internal-owners.routes.ts';

export const createApp = (context: Context, draining = () => false) =>
  serviceApp({
    title: 'notes-service',
    log: context.log,
    routes: [...notesRoutes(context), ...internalOwnersRoutes(context)],
    verifiers: { accessToken: context.verifyAccessToken, serviceToken: context.verifyServiceToken },
    headers: { 'Cache-Control': 'private, no-cache', Vary: 'Authorization' },
    checks: {
      postgresql: ping(context.db),
      signingKeys: keysLoaded(context.keys),
      revocations: revocationsLoaded(context.revocations),
    },
    draining,
    isUnavailable,
  });
