import { join } from 'node:path';
import {
  gatewayUrl,
  mailPageUrl,
  readEnvFile,
  readSettings,
  recordedAdmin,
} from '@polyglot-notes/local-stack';
import { StartError } from '@polyglot-notes/service-kit';

/** The variables of the collection's environment. */
export interface Target {
  baseUrl: string;
  mailUrl: string;
  adminEmail: string;
  adminPassword: string;
}

/**
 * The system to run the collection against: the one at BASE_URL and MAIL_URL of `environment`, or else the local one
 * with the settings of `environment` and of `.env` in the folder `root`. Throws a StartError when the admin is unknown.
 */
export function readTarget(root: string, environment: Record<string, string | undefined>): Target {
  const settings = readSettings(root, { ...readEnvFile(join(root, '.env')), ...environment });
  const admin = recordedAdmin(settings);
  if (admin === undefined) {
    throw new StartError(
      `The admin is unknown. Set ADMIN_EMAIL and ADMIN_PASSWORD. "npm start" writes a generated admin to ${join(settings.stateDir, 'admin.json')}.`,
    );
  }
  return {
    baseUrl: environment['BASE_URL'] || gatewayUrl(settings),
    mailUrl: environment['MAIL_URL'] || mailPageUrl(settings),
    adminEmail: admin.email,
    adminPassword: admin.password,
  };
}
