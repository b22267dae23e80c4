import { runService } from '@polyglot-notes/service-kit';
import { createApp } from './app.ts';
import { readConfig } from './config.ts';
import { createContext } from './context.ts';
import { reconcileHourly } from './reconciliation/reconciliation.service.ts';

await runService({
  name: 'user-service',
  readConfig,
  createContext,
  createApp,
  afterListen: reconcileHourly,
});
