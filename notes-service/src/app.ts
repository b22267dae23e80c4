import { keysLoaded, serviceApp } from '@polyglot-notes/service-kit';
import type { Context } from './context.ts';
import { isUnavailable, ping } from './database.ts';
import { notesRoutes } from './notes/notes.routes.ts';

export const createApp = (context: Context, draining = () => false) =>
  serviceApp({
    title: 'notes-service',
    log: context.log,
    routes: notesRoutes(context),
    verifiers: { accessToken: context.verifyAccessToken },
    headers: { 'Cache-Control': 'private, no-cache', Vary: 'Authorization' },
    checks: {
      postgresql: ping(context.db),
      signingKeys: keysLoaded(context.keys),
    },
    draining,
    isUnavailable,
  });
