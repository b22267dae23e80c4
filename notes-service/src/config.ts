import { env, pairSecret, processEnv, readEnv, serviceUrl, tokenEnv } from '@polyglot-notes/service-kit';
import { z } from 'zod';

export const Settings = z.object({
  ...processEnv(3003),
  DATABASE_URL: env.databaseUrl('postgresql', 'postgres').meta({
    description: 'PostgreSQL database.',
    setBy: 'deployment',
  }),
  LIST_TIMEOUT_MS: env.integer(100, 8_000).default(4_000).meta({
    description: 'Milliseconds that a statement of a list or search may take.',
  }),
  JWKS_URL: env.url('http', 'https').meta({
    description: 'Public signing keys: `/.well-known/jwks.json` of auth-service.',
    setBy: 'deployment',
  }),
  ...tokenEnv,
  USER_TO_NOTES_SECRET: pairSecret('user-service', 'notes-service'),
  AUTH_SERVICE_URL: serviceUrl('auth-service'),
  NOTES_TO_AUTH_SECRET: pairSecret('notes-service', 'auth-service'),
});

export type Config = ReturnType<typeof readConfig>;

export const readConfig = (environment = process.env) => readEnv(Settings, environment);
