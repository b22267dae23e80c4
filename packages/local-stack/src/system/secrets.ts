import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { StartError } from '@polyglot-notes/service-kit';
import { z } from 'zod';

// A secret between services may change at any start; a secret that protects data may not.
const shared = z.string().default(() => randomBytes(32).toString('base64url'));

const Secrets = z.object({
  KEY_ENCRYPTION_KEY: z.string(),
  /** The key before the current one, until all signing keys are encrypted with the current one. */
  KEY_ENCRYPTION_KEY_PREVIOUS: z.string().optional(),
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
    KEY_ENCRYPTION_KEY: makeEncryptionKey(),
    POSTGRES_PASSWORD: randomBytes(18).toString('base64url'),
  });

/**
 * The secrets of the system in `stateDir`, generated on the first call and readable by the owner only. Adds the secrets
 * that an older version did not have.
 */
export function loadSecrets(stateDir: string): Secrets {
  const path = secretsFile(stateDir);
  const secrets = loadOrMake(path, Secrets, makeSecrets);
  // Only if something is missing: another process may be changing the file.
  if (asText(secrets) !== readFileSync(path, 'utf8')) writePrivate(path, secrets);
  return secrets;
}

/** Replaces KEY_ENCRYPTION_KEY and keeps the previous one. Changes nothing while there is a previous one. */
export function replaceEncryptionKey(stateDir: string): Secrets {
  const secrets = loadSecrets(stateDir);
  if (secrets.KEY_ENCRYPTION_KEY_PREVIOUS !== undefined) return secrets;
  const replaced = {
    ...secrets,
    KEY_ENCRYPTION_KEY: makeEncryptionKey(),
    KEY_ENCRYPTION_KEY_PREVIOUS: secrets.KEY_ENCRYPTION_KEY,
  };
  writePrivate(secretsFile(stateDir), replaced);
  return replaced;
}

/** Removes the previous KEY_ENCRYPTION_KEY. */
export function forgetPreviousEncryptionKey(stateDir: string): void {
  const { KEY_ENCRYPTION_KEY_PREVIOUS: _, ...rest } = loadSecrets(stateDir);
  writePrivate(secretsFile(stateDir), rest);
}

const secretsFile = (stateDir: string) => join(stateDir, 'secrets.json');
const makeEncryptionKey = () => randomBytes(32).toString('base64');
const asText = (value: unknown) => `${JSON.stringify(value, null, 2)}\n`;

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

/** Writes the file completely or not at all, even when the process is killed or the machine stops meanwhile. */
export function writePrivate(path: string, value: unknown): void {
  mkdirSync(dirname(path), { recursive: true });
  const temporary = `${path}.${process.pid}`;
  writeFileSync(temporary, asText(value), { mode: 0o600, flush: true });
  renameSync(temporary, path);
}
