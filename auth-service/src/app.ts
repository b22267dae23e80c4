import { serviceApp } from '@polyglot-notes/service-kit';
import { accountsRoutes } from './accounts/accounts.routes.ts';
import type { Context } from './context.ts';
import { isUnavailable, ping } from './database.ts';
import { signingKeysRoutes } from './signing-keys/signing-keys.routes.ts';

export const createApp = (context: Context, draining = () => false) =>
  serviceApp({
    title: 'auth-service',
    log: context.log,
    routes: [...accountsRoutes(context), ...signingKeysRoutes(context)],
    verifiers: {},
    headers: { 'Cache-Control': 'no-store' },
    checks: { mongodb: ping(context.db) },
    draining,
    isUnavailable,
  });
