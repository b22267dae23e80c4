import { isAbsolute, join } from 'node:path';
import { env, readEnv } from '@polyglot-notes/service-kit';
import { z } from 'zod';

const Ports = {
  GATEWAY_PORT: env.port().default(8000),
  AUTH_SERVICE_PORT: env.port().default(3001),
  USER_SERVICE_PORT: env.port().default(3002),
  NOTES_SERVICE_PORT: env.port().default(3003),
  POSTGRES_PORT: env.port().default(15_432),
  MONGODB_PORT: env.port().default(27_117),
  SMTP_PORT: env.port().default(1025),
  MAIL_PORT: env.port().default(1080),
  // Nothing serves metrics by default.
  GATEWAY_METRICS_PORT: env.port().optional(),
  AUTH_SERVICE_METRICS_PORT: env.port().optional(),
  USER_SERVICE_METRICS_PORT: env.port().optional(),
  NOTES_SERVICE_METRICS_PORT: env.port().optional(),
};

export type PortName = keyof typeof Ports;
export const portNames = z.enum(Object.keys(Ports) as [PortName, ...PortName[]]).options;

const Settings = z.object({
  ...Ports,
  GATEWAY_WORKERS: env.workers().default(1),
  HOST: env.text().default('127.0.0.1'),
  MONGODB_URL: env.databaseUrl('mongodb', 'mongodb+srv').optional(),
  LOCAL_STATE_DIR: env.text().default('.local'),
  LOCAL_CACHE_DIR: env.text().optional(),
  AUTH_DATABASE: env.text().default('micro-auth-db'),
  USER_DATABASE: env.text().default('micro-user-db'),
  ADMIN_EMAIL: env.text().optional(),
  ADMIN_PASSWORD: env.text().optional(),
  PUBLIC_URL: env.url('http', 'https').optional(),
});

/** The settings that the services read. They are passed on unchanged. */
const passedOn = [
  // generated: settings of the services
  'WORKERS',
  'SEND_TIMEOUT_MS',
  'KEEP_ALIVE_TIMEOUT_MS',
  'LOG_LEVEL',
  'OTEL_EXPORTER_OTLP_ENDPOINT',
  'OTEL_TRACES_SAMPLER_ARG',
  'INTERNAL_TIMEOUT_MS',
  'SIGNING_KEY_LEAD_SECONDS',
  'TOKEN_ISSUER',
  'TOKEN_AUDIENCE',
  'ACCESS_TOKEN_TTL_SECONDS',
  'SESSION_IDLE_DAYS',
  'SESSION_MAX_DAYS',
  'REFRESH_GRACE_SECONDS',
  'BCRYPT_COST',
  'LOGIN_LOCK_MAX',
  'LOGIN_NETWORK_LOCK_MAX',
  'NEW_DEVICE_MAILS',
  'AUDIT_DAYS',
  'SMTP_TIMEOUT_MS',
  'MAIL_FROM',
  'MAIL_MAX_PER_RECIPIENT',
  'EMAIL_VERIFICATION',
  'RESET_PASSWORD_URL',
  'VERIFY_EMAIL_URL',
  'CHANGE_EMAIL_URL',
  'LIST_TIMEOUT_MS',
  'NOTES_MAX',
  'STORAGE_MAX_BYTES',
  'NOTE_VERSIONS_MAX',
  'IMPORT_MAX_BYTES',
  'TRASH_DAYS',
  'CHANGES_DAYS',
  'REQUIRE_IF_MATCH',
  'UPSTREAM_TIMEOUT_MS',
  'UPSTREAM_LONG_TIMEOUT_MS',
  'RATE_LIMIT_WINDOW_MS',
  'RATE_LIMIT_MAX',
  'RATE_LIMIT_AUTH_MAX',
  'RATE_LIMIT_REFRESH_MAX',
  'CORS_ORIGINS',
  'TRUSTED_PROXIES',
  // generated: end
] as const;

/** The settings that are read here and by `npm run backup`, which can also be in files. */
const readHere = new Set(
  [...Object.keys(Settings.shape), 'BACKUP_PASSPHRASE'].flatMap((name) => [name, `${name}_FILE`]),
);

/** Settings of docker compose that one could expect to have an effect here. */
const ofContainers = ['BIND_ADDRESS', 'CONTAINER_CPUS', 'GATEWAY_PORTS', 'SHUTDOWN_DELAY_MS', 'SMTP_URL'];

/**
 * A line for each name in `file`, the content of `.env`, that is no setting, here or in `documented`, and one for those in
 * `file` or `environment` that have no effect here.
 */
export function remarksOn(
  file: Record<string, string | undefined>,
  environment: Record<string, string | undefined>,
  documented: string[],
): string[] {
  const unknown = Object.keys(file).filter((name) => !readHere.has(name) && !documented.includes(name));
  const given = { ...file, ...environment };
  const unused = ofContainers.filter((name) => given[name]);
  return [
    ...unknown.map((name) => `${name} in .env is no setting known here: is it misspelt?`),
    ...(unused.length === 0 ? [] : [`Only docker compose uses these settings: ${unused.join(', ')}`]),
  ];
}

export type Settings = ReturnType<typeof readSettings>;

/**
 * The settings of a local system whose sources are in the folder `root`, with defaults for missing ones.
 * Throws a StartError that names all invalid ones.
 */
export function readSettings(root: string, given: Record<string, string | undefined>) {
  const settings = readEnv(Settings, given);
  const { LOCAL_STATE_DIR } = settings;
  return {
    ...settings,
    stateDir: isAbsolute(LOCAL_STATE_DIR) ? LOCAL_STATE_DIR : join(root, LOCAL_STATE_DIR),
    forServices: Object.fromEntries(passedOn.flatMap((name) => (given[name] ? [[name, given[name]]] : []))),
  };
}
