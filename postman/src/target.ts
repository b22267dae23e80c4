import { join } from 'node:path';
import {
  gatewayUrl,
  mailPageUrl,
  readEnvFile,
  readSettings,
  recordedAdmin,
} from '@polyglot-notes/local-stack';
import { StartError } from '@polyglot-notes/service-kit';

/** What the environment of the collection has to say of a system, by the names of its variables. */
export interface Target {
  baseUrl: string;
  mailUrl: string;
  adminEmail: string;
  adminPassword: string;
}

/**
 * The system to try: the one at BASE_URL and MAIL_URL of `environment`, else the one that the settings, there and in
 * `.env` in the folder `root`, are for. Throws a StartError when nothing says who the admin is.
 */
export function readTarget(root: string, environment: Record<string, string | undefined>): Target {
  const settings = readSettings(root, { ...readEnvFile(join(root, '.env')), ...environment });
  const admin = recordedAdmin(settings);
  if (admin === undefined) {
    throw new StartError(
      `Who is the admin? Set ADMIN_EMAIL and ADMIN_PASSWORD; what "npm start" makes up would be in ${join(settings.stateDir, 'admin.json')}.`,
    );
  }
  return {
    baseUrl: environment['BASE_URL'] || gatewayUrl(settings),
    mailUrl: environment['MAIL_URL'] || mailPageUrl(settings),
    adminEmail: admin.email,
    adminPassword: admin.password,
  };
}
