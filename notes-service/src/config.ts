import { env, pairSecrets, processEnv, readEnv, serviceUrl, tokenEnv } from '@polyglot-notes/service-kit';
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
  NOTES_MAX: env.integer(1, 10_000_000).default(200_000).meta({
    description: 'Notes of one user, those in the trash included.',
  }),
  STORAGE_MAX_BYTES: env.integer(1_000, 1_000_000_000_000).default(2_147_483_648).meta({
    description:
      'Bytes of the notes of one user, their versions, and the answers that are kept for a day for each `Idempotency-Key`.',
  }),
  NOTE_VERSIONS_MAX: env.integer(0, 1_000).default(100).meta({
    description: 'Earlier versions that are kept of each note.',
  }),
  IMPORT_MAX_BYTES: env.integer(1_000, 100_000_000_000).default(1_073_741_824).meta({
    description: 'Size of the body of an import. A zip archive takes as much temporary space.',
  }),
  TRASH_DAYS: env.integer(1, 3_650).default(30).meta({
    description: 'Days until a note in the trash is destroyed.',
  }),
  CHANGES_DAYS: env.integer(1, 3_650).default(90).meta({
    description: 'Days that a client may be offline before it must read all notes again.',
  }),
  REQUIRE_IF_MATCH: env.flag().default(false).meta({
    description: 'Whether a change of a note without `If-Match` is refused.',
  }),
  JWKS_URL: env.url('http', 'https').meta({
    description: 'Public signing keys: `/.well-known/jwks.json` of auth-service.',
    setBy: 'deployment',
  }),
  ...tokenEnv,
  USER_TO_NOTES_SECRET: pairSecrets('user-service', 'notes-service'),
  AUTH_SERVICE_URL: serviceUrl('auth-service'),
  NOTES_TO_AUTH_SECRET: pairSecrets('notes-service', 'auth-service'),
});

export type Config = ReturnType<typeof readConfig>;

export const readConfig = (environment = process.env) => readEnv(Settings, environment);
