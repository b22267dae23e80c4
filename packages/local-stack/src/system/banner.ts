import { mailPageUrl } from './addresses.ts';
import { withoutPassword } from '../mongodb/external.ts';
import type { LocalSystem } from './local-system.ts';
import type { LocalUser } from './local-users.ts';
import type { Settings } from './settings.ts';

interface Users {
  demo: LocalUser;
  /** Undefined when the admin of the database is unknown here. */
  admin: LocalUser | undefined;
}

const json = "-H 'Content-Type: application/json'";

/** The text for a running system: its addresses, its users, and calls to try. */
export function banner(system: LocalSystem, settings: Settings, users: Users, seconds: string): string {
  const { urls, mongo, databaseUrl, logDir } = system;
  const mongoUrl = withoutPassword(mongo.url);
  const api = urls.gateway;
  const { demo, admin } = users;
  return `
polyglot-notes is running (ready in ${seconds} s). Ctrl-C stops it.

  API            ${api}   (described at ${api}/docs)
  Mail page      ${mailPageUrl(settings)}   (SMTP on port ${settings.SMTP_PORT})
  auth-service   ${urls['auth-service']}   ${settings.AUTH_DATABASE} in ${mongoUrl}
  user-service   ${urls['user-service']}   ${settings.USER_DATABASE} in ${mongoUrl}
  notes-service  ${urls['notes-service']}   ${databaseUrl}
  Logs           ${logDir}
  Demo user      ${demo.email}   password ${demo.password}
  Admin          ${admin === undefined ? 'this database has one already, with a password of its own' : describe(admin, settings)}

Try it, in another terminal:

keep() { ACCESS=$(echo "$1" | sed 's/.*"accessToken":"\\([^"]*\\)".*/\\1/')
         REFRESH=$(echo "$1" | sed 's/.*"refreshToken":"\\([^"]*\\)".*/\\1/'); }
keep "$(curl -s ${api}/api/auth/login ${json} -d '${JSON.stringify(demo)}')"
curl -s ${api}/api/notes -H "Authorization: Bearer $ACCESS" ${json} \\
  -d '{"title":"My first note","content":"Hello from four services"}'
curl -s ${api}/api/notes -H "Authorization: Bearer $ACCESS"

# When the access token expires, get new tokens; in the end, log out:
keep "$(curl -s ${api}/api/auth/refresh ${json} -d "{\\"refreshToken\\":\\"$REFRESH\\"}")"
curl -s ${api}/api/auth/logout ${json} -d "{\\"refreshToken\\":\\"$REFRESH\\"}"
`;
}

/** Never shows a password from the settings. */
const describe = ({ email, password }: LocalUser, { ADMIN_PASSWORD }: Settings) =>
  `${email}   password ${password === ADMIN_PASSWORD ? 'as in ADMIN_PASSWORD' : password}`;
