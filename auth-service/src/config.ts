import {
  env,
  internalCallsEnv,
  maxAccessTokenSeconds,
  pairSecrets,
  processEnv,
  readEnv,
  serviceUrl,
  StartError,
  tokenEnv,
} from '@polyglot-notes/service-kit';
import { z } from 'zod';

/** 32 bytes in base64. */
const encryptionKey = () =>
  z
    .string()
    .refine((value) => Buffer.from(value, 'base64').length === 32, 'must be 32 bytes in base64')
    .transform((value) => Buffer.from(value, 'base64'));

const ownPage = 'URL of a page of your own that takes `#token=…` and';
const ifEmpty = 'If it is empty, mails link to the page of the gateway:';

const common = processEnv(3001);

export const Settings = z.object({
  ...common,
  MONGODB_URL: env.databaseUrl('mongodb', 'mongodb+srv').meta({
    description: 'MongoDB server.',
    setBy: 'deployment',
  }),
  MONGODB_DATABASE: env.text().default('micro-auth-db').meta({
    description: 'Name of the database.',
    setBy: 'deployment',
  }),
  USER_SERVICE_URL: serviceUrl('user-service'),
  AUTH_TO_USER_SECRET: pairSecrets('auth-service', 'user-service'),
  USER_TO_AUTH_SECRET: pairSecrets('user-service', 'auth-service'),
  NOTES_TO_AUTH_SECRET: pairSecrets('notes-service', 'auth-service'),
  ...internalCallsEnv,
  KEY_ENCRYPTION_KEY: encryptionKey().meta({
    description:
      'Key that encrypts the signing keys in the database of auth-service, from which the tokens in mails are derived, and which hides the emails and addresses in the login counters: 32 random bytes in base64 (`openssl rand -base64 32`). Keep a copy apart from the backups of that database.',
    secret: true,
  }),
  KEY_ENCRYPTION_KEY_PREVIOUS: encryptionKey().optional().meta({
    description:
      'The `KEY_ENCRYPTION_KEY` before the current one, until `keys reseal` has encrypted all signing keys with the current one.',
    secret: true,
  }),
  SIGNING_KEY_LEAD_SECONDS: env.integer(120, 86_400).default(120).meta({
    description:
      'Seconds from the publication of a new signing key to its first signature, 120 to 86400. The minimum is two intervals at which the other services read the public keys.',
  }),
  ...tokenEnv,
  ACCESS_TOKEN_TTL_SECONDS: env.integer(1, maxAccessTokenSeconds).default(900).meta({
    description: 'Lifetime of an access token in seconds, at most 86400.',
  }),
  SESSION_IDLE_DAYS: env.integer(1, 3_650).default(30).meta({
    description: 'Days after which a session ends that is not refreshed.',
  }),
  SESSION_MAX_DAYS: env.integer(1, 3_650).default(180).meta({
    description: 'Days after which every session ends: users log in again.',
  }),
  REFRESH_GRACE_SECONDS: env.integer(0, 300).default(10).meta({
    description:
      'Seconds in which a refresh token that was used already still returns the current tokens of its session, for a client that lost the answer. 0: never.',
  }),
  BCRYPT_COST: env.integer(4, 15).default(12).meta({
    description: 'bcrypt cost of the password hashes, 4 to 15.',
  }),
  LOGIN_LOCK_MAX: env.integer(0, 1_000).default(10).meta({
    description:
      'Wrong passwords after which logins of an email are refused for a while, 0 to 1000. Those from a network where the account was used before count apart. 0: never.',
  }),
  LOGIN_NETWORK_LOCK_MAX: env.integer(0, 1_000_000).default(300).meta({
    description:
      'Wrong passwords for all emails within an hour after which logins from an IPv4 address or an IPv6 /64 network are refused for a while, 0 to 1000000. 0: never.',
  }),
  NEW_DEVICE_MAILS: env.flag().default(false).meta({
    description:
      'Whether users get a mail when somebody logs in to their account from a network where it was not used in the last 90 days.',
  }),
  AUDIT_DAYS: env.integer(1, 3_650).default(365).meta({
    description: 'Days for which the audit trail keeps its events, 1 to 3650.',
  }),
  SMTP_URL: env.url('smtp', 'smtps').meta({
    description: 'Mail server: `smtp://user:password@host:port` or `smtps://…`.',
    setBy: 'deployment',
  }),
  SMTP_TIMEOUT_MS: env.integer(1_000, 600_000).default(30_000).meta({
    description:
      'Time for the mail server to accept a mail, in milliseconds. A mail whose instance dies while it sends is sent again after this time.',
  }),
  MAIL_FROM: env.text().default('polyglot-notes <no-reply@localhost>').meta({
    description: 'Sender of all mails.',
  }),
  MAIL_MAX_PER_RECIPIENT: env.integer(4, 1_000).default(8).meta({
    description:
      'Mails to one address within 15 minutes, 4 to 1000. Half of them are kept for the accounts that have the address, a quarter for those that have confirmed it.',
  }),
  EMAIL_VERIFICATION: z.enum(['off', 'optional', 'required']).default('optional').meta({
    description:
      'Whether users confirm their email. `off`: only on request. `optional`: a registration sends the mail for it. `required`: a registration answers without tokens, and nobody logs in before the email is confirmed.',
  }),
  PUBLIC_URL: common.PUBLIC_URL.unwrap().meta({
    description: 'URL of the gateway, for the links in mails and of problems.',
    setBy: 'deployment',
  }),
  RESET_PASSWORD_URL: env
    .linkUrl()
    .optional()
    .meta({
      description: `${ownPage} sets a new password. ${ifEmpty} \`/reset-password\`.`,
    }),
  VERIFY_EMAIL_URL: env
    .linkUrl()
    .optional()
    .meta({
      description: `${ownPage} confirms the email of an account. ${ifEmpty} \`/verify-email\`.`,
    }),
  CHANGE_EMAIL_URL: env
    .linkUrl()
    .optional()
    .meta({
      description: `${ownPage} confirms another email. ${ifEmpty} \`/change-email\`.`,
    }),
  ADMIN_EMAIL: env.text().optional().meta({
    description: 'Email of the first admin. Set it together with `ADMIN_PASSWORD`, or neither.',
    setBy: 'deployment',
  }),
  ADMIN_PASSWORD: env.text().optional().meta({
    description: 'Password of the first admin.',
    setBy: 'deployment',
  }),
});

export type EmailVerification = Config['EMAIL_VERIFICATION'];

export type Config = ReturnType<typeof readConfig>;

/** Reads the environment. Throws a StartError that lists what is missing or wrong. */
export function readConfig(environment = process.env) {
  const { ADMIN_EMAIL: email, ADMIN_PASSWORD: password, ...config } = readEnv(Settings, environment);
  if ((email === undefined) !== (password === undefined))
    throw new StartError('ADMIN_EMAIL and ADMIN_PASSWORD go together: set both or neither.');
  const firstAdmin = email !== undefined && password !== undefined ? { email, password } : undefined;
  const sealingKeys = {
    current: config.KEY_ENCRYPTION_KEY,
    previous: config.KEY_ENCRYPTION_KEY_PREVIOUS,
  };
  return Object.freeze({ ...config, firstAdmin, sealingKeys });
}
