import {
  env,
  internalCallsEnv,
  pairSecrets,
  processEnv,
  readEnv,
  serviceUrl,
  tokenEnv,
} from '@polyglot-notes/service-kit';
import { z } from 'zod';

export const Settings = z.object({
  ...processEnv(3002),
  MONGODB_URL: env.databaseUrl('mongodb', 'mongodb+srv').meta({
    description: 'MongoDB server.',
    setBy: 'deployment',
  }),
  MONGODB_DATABASE: env.text().default('micro-user-db').meta({
    description: 'Name of the database.',
    setBy: 'deployment',
  }),
  JWKS_URL: env.url('http', 'https').meta({
    description: 'Public signing keys: `/.well-known/jwks.json` of auth-service.',
    setBy: 'deployment',
  }),
  ...tokenEnv,
  AUTH_TO_USER_SECRET: pairSecrets('auth-service', 'user-service'),
  AUTH_SERVICE_URL: serviceUrl('auth-service'),
  USER_TO_AUTH_SECRET: pairSecrets('user-service', 'auth-service'),
  NOTES_SERVICE_URL: serviceUrl('notes-service'),
  USER_TO_NOTES_SECRET: pairSecrets('user-service', 'notes-service'),
  ...internalCallsEnv,
});

export type Config = ReturnType<typeof readConfig>;

export const readConfig = (environment = process.env) => readEnv(Settings, environment);
