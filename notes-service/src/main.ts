import { runService } from '@polyglot-notes/service-kit';
import { createApp } from './app.ts';
import { readConfig } from './config.ts';
import { createContext } from './context.ts';

await runService({ name: 'notes-service', readConfig, createContext, createApp });
