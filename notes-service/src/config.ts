import { env, processEnv, readEnv } from '@polyglot-notes/service-kit';
import { z } from 'zod';

const Env = z.object({
  ...processEnv(3003),
  DATABASE_URL: env.databaseUrl('postgresql', 'postgres'),
  JWKS_URL: env.url('http', 'https'),
  TOKEN_ISSUER: env.text().default('polyglot-notes'),
  TOKEN_AUDIENCE: env.text().default('polyglot-notes'),
  USER_TO_NOTES_SECRET: env.secret(),
  AUTH_SERVICE_URL: env.url('http', 'https'),
  NOTES_TO_AUTH_SECRET: env.secret(),
});

export type Config = ReturnType<typeof readConfig>;

export const readConfig = (environment = process.env) => readEnv(Env, environment);
