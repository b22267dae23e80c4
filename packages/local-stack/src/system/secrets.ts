import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { StartError } from '@polyglot-notes/service-kit';
import { z } from 'zod';

// A secret between services may change at any start; a secret that protects data may not.
const shared = z.string().default(() => randomBytes(32).toString('base64url'));

const Secrets = z.object({
  KEY_ENCRYPTION_KEY: z.string(),
  AUTH_TO_USER_SECRET: shared,
  USER_TO_AUTH_SECRET: shared,
  USER_TO_NOTES_SECRET: shared,
  NOTES_TO_AUTH_SECRET: shared,
  POSTGRES_PASSWORD: z.string(),
});

export type Secrets = z.output<typeof Secrets>;

/** Random secrets for one system; KEY_ENCRYPTION_KEY is 32 bytes in base64. */
export const makeSecrets = (): Secrets =>
  Secrets.parse({
    KEY_ENCRYPTION_KEY: randomBytes(32).toString('base64'),
    POSTGRES_PASSWORD: randomBytes(18).toString('base64url'),
  });

/**
 * The secrets of the system in `stateDir`, generated on the first call and readable by the owner only. Adds the secrets
 * that an older version did not have.
 */
export function loadSecrets(stateDir: string): Secrets {
  const path = join(stateDir, 'secrets.json');
  const secrets = loadOrMake(path, Secrets, makeSecrets);
  writePrivate(path, secrets);
  return secrets;
}

/** Reads the JSON file, or writes it with mode 0600 when there is none. Throws a StartError when it is invalid. */
export function loadOrMake<Value>(path: string, schema: z.ZodType<Value>, make: () => Value): Value {
  if (!existsSync(path)) writePrivate(path, make());
  try {
    return schema.parse(JSON.parse(readFileSync(path, 'utf8')));
  } catch (cause) {
    throw new StartError(
      `${path} cannot be read any more: restore it, or delete it together with the data beside it.`,
      {
        cause,
      },
    );
  }
}

/** Writes the file completely or not at all, even when the process is killed meanwhile. */
export function writePrivate(path: string, value: unknown): void {
  mkdirSync(dirname(path), { recursive: true });
  const temporary = `${path}.${process.pid}`;
  writeFileSync(temporary, `${JSON.stringify(value, null, 2)}\n`, { mode: 0o600 });
  renameSync(temporary, path);
}
