import { randomBytes } from 'node:crypto';

const bytesInBase64 = 32;
const minLength = 32;
const minPasswordLength = 8;
const minDifferent = 8;

// Words that people write instead of a secret. They are too long to occur in random text.
const words = 'change.?(?:me|this|it)|placeholder|example|replace|secret|password|<.+>';
const placeholderWords = new RegExp(words, 'i');
const placeholder = new RegExp(`^(?:${words})\\W*\\d*$`, 'i');
const isPlaceholder = 'is a placeholder, not a secret';

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
    if (placeholder.test(value)) return isPlaceholder;
    return value.length < minPasswordLength
      ? `must have at least ${minPasswordLength} characters`
      : undefined;
  }
  if (placeholderWords.test(value) || new Set(value).size < minDifferent) return isPlaceholder;
  if (name === 'KEY_ENCRYPTION_KEY')
    return Buffer.from(value, 'base64').length === bytesInBase64 ? undefined : 'must be 32 bytes in base64';
  // While a secret between two services is replaced, both have the new one and the old one.
  const all = name.endsWith('_SECRET') ? value.split(',') : [value];
  // Passwords become parts of URLs. Compose and shells do not change these characters.
  if (!all.every((each) => /^[\w-]*$/.test(each))) return 'may have letters, digits, - and _ only';
  return all.some(({ length }) => length < minLength)
    ? `must have at least ${minLength} characters`
    : undefined;
}
