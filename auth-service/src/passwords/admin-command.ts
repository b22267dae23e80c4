import { Email, StartError } from '@polyglot-notes/service-kit';
import type { Credential } from '../credentials/credential.model.ts';
import type { CredentialsRepository } from '../credentials/credentials.repository.ts';
import { newEvent, system } from '../credentials/event-intents.ts';
import type { EventsRepository } from '../events/events.repository.ts';
import type { LoginLocks } from '../login-locks/login-locks.ts';
import type { Links } from '../mail/links.ts';
import { hashOf, randomToken, resetTokenMinutes } from '../mail/mailed-token.ts';
import type { PasswordsRepository } from './passwords.repository.ts';

export const usage = `Usage: admin <command>

  reset-password <email>   prints a link to the page that sets a new password, for ${resetTokenMinutes} minutes
  unlock <email>           ends the locks that wrong passwords have caused, except those of networks
`;

export interface AdminArguments {
  command: 'reset-password' | 'unlock';
  email: string;
}

/** Parses the arguments of the command; undefined when they are not valid. */
export function parseAdminArguments([command, email, ...rest]: readonly string[]):
  | AdminArguments
  | undefined {
  if (command !== 'reset-password' && command !== 'unlock') return undefined;
  const parsed = Email.safeParse(email);
  return parsed.success && rest.length === 0 ? { command, email: parsed.data } : undefined;
}

interface Dependencies {
  credentials: Pick<CredentialsRepository, 'findByEmail'>;
  passwordChanges: Pick<PasswordsRepository, 'addReset'>;
  loginLocks: Pick<LoginLocks, 'clear'>;
  links: Pick<Links, 'resetPassword'>;
  events: Pick<EventsRepository, 'insert'>;
  clock: () => Date;
}

/** Runs the command and returns what it prints. Throws a StartError that says why the command is refused. */
export async function runAdminCommand(
  { command, email }: AdminArguments,
  dependencies: Dependencies,
): Promise<string> {
  const account = await dependencies.credentials.findByEmail(email);
  if (account === null) throw new StartError(`There is no account with the email ${email}.`);
  return command === 'unlock' ? unlock(account, dependencies) : resetPassword(account, dependencies);
}

async function unlock(account: Credential, { loginLocks, events, clock }: Dependencies): Promise<string> {
  await loginLocks.clear(account);
  await events.insert(newEvent('login_unlocked', account._id, system, clock()));
  return `Wrong passwords for ${account.email} do not lock its logins any more.`;
}

async function resetPassword(account: Credential, { passwordChanges, links }: Dependencies): Promise<string> {
  const token = randomToken();
  if (!(await passwordChanges.addReset(account, hashOf(token))))
    throw new StartError(`The account of ${account.email} is not active, or has changed at this moment.`);
  return [
    `This link sets a new password for ${account.email}. It works once, for ${resetTokenMinutes} minutes, and then ends every session:`,
    links.resetPassword(token),
  ].join('\n');
}
