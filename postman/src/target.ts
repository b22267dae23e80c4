import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  gatewayUrl,
  mailPageUrl,
  readEnvFile,
  readSettings,
  type Settings,
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
  const { email, password } = admin(settings);
  return {
    baseUrl: environment['BASE_URL'] || gatewayUrl(settings),
    mailUrl: environment['MAIL_URL'] || mailPageUrl(settings),
    adminEmail: email,
    adminPassword: password,
  };
}

/** The first admin: the one of the settings; what they leave open is what `npm start` has made up. */
function admin({ ADMIN_EMAIL, ADMIN_PASSWORD, stateDir }: Settings): { email: string; password: string } {
  if (ADMIN_EMAIL !== undefined && ADMIN_PASSWORD !== undefined)
    return { email: ADMIN_EMAIL, password: ADMIN_PASSWORD };
  const file = join(stateDir, 'admin.json');
  if (!existsSync(file)) {
    throw new StartError(
      `Who is the admin? Set ADMIN_EMAIL and ADMIN_PASSWORD; what "npm start" makes up would be in ${file}.`,
    );
  }
  const { email, password } = JSON.parse(readFileSync(file, 'utf8'));
  return { email: ADMIN_EMAIL ?? email, password: ADMIN_PASSWORD ?? password };
}
