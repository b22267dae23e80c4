import { randomBytes } from 'node:crypto';
import {
  faultOfSecrets,
  isPlaceholder,
  placeholderFault,
  placeholderWords,
} from '../../packages/service-kit/src/process/secret-faults.ts';

const bytesInBase64 = 32;
const minLength = 32;
const minPasswordLength = 8;

const chosenPlaceholder = new RegExp(`^(?:${placeholderWords})\\W*\\d*$`, 'i');

/** The secrets in `.env` for docker compose. */
export const secretNames = [
  // generated: secrets
  'AUTH_TO_USER_SECRET',
  'USER_TO_AUTH_SECRET',
  'NOTES_TO_AUTH_SECRET',
  'KEY_ENCRYPTION_KEY',
  'USER_TO_NOTES_SECRET',
  // generated: end
  'MONGO_ROOT_PASSWORD',
  'POSTGRES_PASSWORD',
  'NOTES_DATABASE_PASSWORD',
  'ADMIN_PASSWORD',
] as const;

/** The secrets that a new `.env` has: beside those above, the ones of docker-compose.database-users.yml. */
export const generatedNames = [...secretNames, 'AUTH_DATABASE_PASSWORD', 'USER_DATABASE_PASSWORD'] as const;

type SecretName = (typeof generatedNames)[number];

/** Random text for a secret, in the format of that secret. */
export const randomSecret = (name: SecretName): string =>
  randomBytes(bytesInBase64).toString(name === 'KEY_ENCRYPTION_KEY' ? 'base64' : 'base64url');

/** The fault of a secret, as text for the operator; undefined if it is valid. */
export function faultOf(name: SecretName, value: string | undefined): string | undefined {
  if (!value) return 'is not set';
  // People choose this password and type it.
  if (name === 'ADMIN_PASSWORD') {
    if (chosenPlaceholder.test(value)) return placeholderFault;
    return value.length < minPasswordLength
      ? `must have at least ${minPasswordLength} characters`
      : undefined;
  }
  if (isPlaceholder(value)) return placeholderFault;
  if (name === 'KEY_ENCRYPTION_KEY')
    return Buffer.from(value, 'base64').length === bytesInBase64 ? undefined : 'must be 32 bytes in base64';
  // While a secret between two services is replaced, both have the new one and the old one.
  const isList = name.endsWith('_SECRET');
  const fault = isList ? faultOfSecrets(value) : undefined;
  if (fault !== undefined) return fault;
  // Passwords become parts of URLs. Compose and shells do not change these characters.
  if (!(isList ? /^[\w,-]*$/ : /^[\w-]*$/).test(value)) return 'may have letters, digits, - and _ only';
  return value.length < minLength ? `must have at least ${minLength} characters` : undefined;
}
