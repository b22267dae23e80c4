import { join } from 'node:path';
import { gatewayUrl } from './addresses.ts';
import { startService, type ServiceProcess } from './service-process.ts';
import type { LocalUser } from './local-users.ts';
import type { Secrets } from './secrets.ts';
import type { PortName, Settings } from './settings.ts';

export const serviceNames = ['auth-service', 'user-service', 'notes-service', 'gateway'] as const;
export type ServiceName = (typeof serviceNames)[number];

/** The settings and the addresses that the services of a system need. */
export interface Wiring {
  /** The folder of the sources. */
  root: string;
  settings: Settings;
  secrets: Secrets;
  mongoUrl: string;
  databaseUrl: string;
  smtpUrl: string;
  /** The first admin, if there is to be one. */
  admin: LocalUser | undefined;
  logDir: string;
}

/** The addresses and environments of the four services, and a function to start each; starts nothing itself. */
export function wireServices(wiring: Wiring) {
  const { root, settings, logDir } = wiring;
  const urls = urlsOf(settings);
  const own = ownSettings(wiring, urls);
  const environmentOf = (name: ServiceName): Record<string, string> => ({
    ...settings.forServices,
    PORT: new URL(urls[name]).port,
    PUBLIC_URL: settings.PUBLIC_URL ?? urls.gateway,
    METRICS_PORT: String(settings[metricsPorts[name]] ?? ''),
    ...own[name],
  });

  return {
    urls,
    environmentOf,
    start: (name: ServiceName): ServiceProcess =>
      startService({
        name,
        url: urls[name],
        entry: join(root, name, 'src', 'main.ts'),
        env: environmentOf(name),
        logFile: join(logDir, `${name}.log`),
      }),
  };
}

const metricsPorts = {
  'auth-service': 'AUTH_SERVICE_METRICS_PORT',
  'user-service': 'USER_SERVICE_METRICS_PORT',
  'notes-service': 'NOTES_SERVICE_METRICS_PORT',
  gateway: 'GATEWAY_METRICS_PORT',
} as const satisfies Record<ServiceName, PortName>;

function urlsOf(settings: Settings): Record<ServiceName, string> {
  const loopback = (port: number) => `http://127.0.0.1:${port}`;
  return {
    'auth-service': loopback(settings.AUTH_SERVICE_PORT),
    'user-service': loopback(settings.USER_SERVICE_PORT),
    'notes-service': loopback(settings.NOTES_SERVICE_PORT),
    gateway: gatewayUrl(settings),
  };
}

/** The settings that only the one service gets. */
function ownSettings(
  { settings, secrets, mongoUrl, databaseUrl, smtpUrl, admin }: Wiring,
  urls: Record<ServiceName, string>,
): Record<ServiceName, Record<string, string>> {
  const { KEY_ENCRYPTION_KEY, KEY_ENCRYPTION_KEY_PREVIOUS } = secrets;
  const { AUTH_TO_USER_SECRET, USER_TO_AUTH_SECRET } = secrets;
  const { USER_TO_NOTES_SECRET, NOTES_TO_AUTH_SECRET } = secrets;
  const JWKS_URL = `${urls['auth-service']}/.well-known/jwks.json`;
  return {
    'auth-service': {
      MONGODB_URL: mongoUrl,
      MONGODB_DATABASE: settings.AUTH_DATABASE,
      USER_SERVICE_URL: urls['user-service'],
      AUTH_TO_USER_SECRET,
      USER_TO_AUTH_SECRET,
      NOTES_TO_AUTH_SECRET,
      KEY_ENCRYPTION_KEY,
      ...(KEY_ENCRYPTION_KEY_PREVIOUS !== undefined && { KEY_ENCRYPTION_KEY_PREVIOUS }),
      SMTP_URL: smtpUrl,
      ...(admin && { ADMIN_EMAIL: admin.email, ADMIN_PASSWORD: admin.password }),
    },
    'user-service': {
      MONGODB_URL: mongoUrl,
      MONGODB_DATABASE: settings.USER_DATABASE,
      JWKS_URL,
      AUTH_TO_USER_SECRET,
      AUTH_SERVICE_URL: urls['auth-service'],
      USER_TO_AUTH_SECRET,
      NOTES_SERVICE_URL: urls['notes-service'],
      USER_TO_NOTES_SECRET,
    },
    'notes-service': {
      DATABASE_URL: databaseUrl,
      JWKS_URL,
      AUTH_SERVICE_URL: urls['auth-service'],
      USER_TO_NOTES_SECRET,
      NOTES_TO_AUTH_SECRET,
    },
    gateway: {
      HOST: settings.HOST,
      WORKERS: String(settings.GATEWAY_WORKERS),
      AUTH_SERVICE_URL: urls['auth-service'],
      USER_SERVICE_URL: urls['user-service'],
      NOTES_SERVICE_URL: urls['notes-service'],
    },
  };
}
