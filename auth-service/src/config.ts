import { env, processEnv, readEnv, StartError } from '@polyglot-notes/service-kit';
import { z } from 'zod';

const Env = z.object({
  ...processEnv(3001),
  MONGODB_URL: env.databaseUrl('mongodb', 'mongodb+srv'),
  MONGODB_DATABASE: env.text().default('micro-auth-db'),
  USER_SERVICE_URL: env.url('http', 'https'),
  AUTH_TO_USER_SECRET: env.secret(),
  USER_TO_AUTH_SECRET: env.secret(),
  NOTES_TO_AUTH_SECRET: env.secret(),
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
  SMTP_URL: env.url('smtp', 'smtps'),
  MAIL_FROM: env.text().default('polyglot-notes <no-reply@localhost>'),
  /** What the links in mails begin with. */
  PUBLIC_URL: env.url('http', 'https').transform((url) => url.replace(/\/+$/, '')),
  ADMIN_EMAIL: env.text().optional(),
  ADMIN_PASSWORD: env.text().optional(),
});

export type Config = ReturnType<typeof readConfig>;

/** Reads the environment. Throws a StartError that lists what is missing or wrong. */
export function readConfig(environment = process.env) {
  const { ADMIN_EMAIL: email, ADMIN_PASSWORD: password, ...config } = readEnv(Env, environment);
  if ((email === undefined) !== (password === undefined))
    throw new StartError('ADMIN_EMAIL and ADMIN_PASSWORD go together: set both or neither.');
  const firstAdmin = email !== undefined && password !== undefined ? { email, password } : undefined;
  return Object.freeze({ ...config, firstAdmin });
}
