import { runService } from '@polyglot-notes/service-kit';
import { createApp } from './app.ts';
import { readConfig } from './config.ts';
import { createContext } from './context.ts';
import { answerCounts } from './limits/primary-counters.ts';

await runService({ name: 'gateway', readConfig, createContext, createApp, answers: answerCounts() });
