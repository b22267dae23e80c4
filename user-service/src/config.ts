import { env, processEnv, readEnv } from '@polyglot-notes/service-kit';
import { z } from 'zod';

const Env = z.object({
  ...processEnv(3002),
  MONGODB_URL: env.databaseUrl('mongodb', 'mongodb+srv'),
  MONGODB_DATABASE: env.text().default('micro-user-db'),
  JWKS_URL: env.url('http', 'https'),
  TOKEN_ISSUER: env.text().default('polyglot-notes'),
  TOKEN_AUDIENCE: env.text().default('polyglot-notes'),
  AUTH_TO_USER_SECRET: env.secret(),
  AUTH_SERVICE_URL: env.url('http', 'https'),
  USER_TO_AUTH_SECRET: env.secret(),
  NOTES_SERVICE_URL: env.url('http', 'https'),
  USER_TO_NOTES_SECRET: env.secret(),
  INTERNAL_TIMEOUT_MS: env.integer(50, 60_000).default(3_000),
});

export type Config = ReturnType<typeof readConfig>;

export const readConfig = (environment = process.env) => readEnv(Env, environment);
