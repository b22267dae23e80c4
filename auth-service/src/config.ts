import { env, processEnv, readEnv } from '@polyglot-notes/service-kit';
import { z } from 'zod';

const Env = z.object({
  ...processEnv(3001),
  MONGODB_URL: env.databaseUrl('mongodb', 'mongodb+srv'),
  MONGODB_DATABASE: env.text().default('micro-auth-db'),
  USER_SERVICE_URL: env.url('http', 'https'),
  AUTH_TO_USER_SECRET: env.secret(),
  INTERNAL_TIMEOUT_MS: env.integer(50, 60_000).default(3_000),
  /** Seals the private signing keys in the database: 32 bytes in base64. */
  KEY_ENCRYPTION_KEY: z
    .string()
    .refine((value) => Buffer.from(value, 'base64').length === 32, 'must be 32 bytes in base64')
    .transform((value) => Buffer.from(value, 'base64')),
  TOKEN_ISSUER: env.text().default('polyglot-notes'),
  TOKEN_AUDIENCE: env.text().default('polyglot-notes'),
  ACCESS_TOKEN_TTL_SECONDS: env.integer(1, 86_400).default(900),
  BCRYPT_COST: env.integer(4, 15).default(12),
});

export type Config = ReturnType<typeof readConfig>;

export const readConfig = (environment = process.env) => readEnv(Env, environment);
