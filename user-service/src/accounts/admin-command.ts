import { Problem, StartError, textTable } from '@polyglot-notes/service-kit';
import { lastAdmin } from '../active-admins/active-admins.repository.ts';
import type { ProfileDocument } from '../profiles/profile.model.ts';
import type { AccountListRepository } from './account-list.repository.ts';
import type { ChangeAccount } from './change-account.ts';
import type { StoredAccountsRepository } from './stored-accounts.repository.ts';

export const usage = `Usage: admin <command>

  list               lists the admins
  promote <account>  makes an account an admin
  demote <account>   makes an admin an ordinary user, unless it is the last active admin

An account is named by its email, its username or its id.
`;

export type AdminArguments = { command: 'list' } | { command: 'promote' | 'demote'; account: string };

/** Parses the arguments of the command; undefined when they are not valid. */
export function parseAdminArguments([command, account, ...rest]: readonly string[]):
  | AdminArguments
  | undefined {
  if (rest.length > 0) return undefined;
  if (command === 'list') return account === undefined ? { command } : undefined;
  const isChange = command === 'promote' || command === 'demote';
  return isChange && account !== undefined && account !== '' ? { command, account } : undefined;
}

interface Dependencies {
  accountList: Pick<AccountListRepository, 'page'>;
  storedAccounts: Pick<StoredAccountsRepository, 'named'>;
  changeAccount: ChangeAccount;
}

/** Runs the command and returns what it prints. Throws a StartError that says why the command is refused. */
export const runAdminCommand = (given: AdminArguments, dependencies: Dependencies): Promise<string> =>
  given.command === 'list'
    ? list(dependencies)
    : changeRole(given.account, given.command === 'promote' ? 'admin' : 'user', dependencies);

const pageSize = 100;

async function list({ accountList }: Dependencies): Promise<string> {
  const admins: ProfileDocument[] = [];
  const filter = { search: undefined, role: 'admin', status: undefined } as const;
  for (let page; page === undefined || page.length === pageSize; admins.push(...page))
    page = await accountList.page(filter, 'email', {
      after: undefined,
      offset: admins.length,
      limit: pageSize,
    });
  if (admins.length === 0) return 'There is no admin.';
  const rows = admins.map(({ _id, email, username, status }) => [_id, email, username, status]);
  return textTable([['id', 'email', 'username', 'status'], ...rows]);
}

async function changeRole(name: string, role: 'admin' | 'user', dependencies: Dependencies): Promise<string> {
  const [found, other] = await dependencies.storedAccounts.named(name);
  if (found === undefined) throw new StartError(`There is no account ${name}.`);
  if (other !== undefined) throw new StartError(`Several accounts are named ${name}. Use the id of one.`);
  const { account, outcome } = await changed(found, role, dependencies.changeAccount);
  const isNew = found.role !== role;
  const isOrWas = isNew ? 'is now' : 'was already';
  const facts = [`${account.email} ${isOrWas} ${role === 'admin' ? 'an admin' : 'an ordinary user'}.`];
  if (account.status !== 'active') facts.push(`The account is ${account.status}.`);
  if (outcome === undefined)
    facts.push('auth-service has not confirmed it. user-service repeats the delivery while it runs.');
  return facts.join(' ');
}

async function changed({ _id: id, email }: ProfileDocument, role: 'admin' | 'user', change: ChangeAccount) {
  try {
    return await change(id, (account) => {
      if (account.status === 'deleting') throw new StartError(`The account ${email} is being deleted.`);
      return account.role === role ? {} : { role };
    });
  } catch (error) {
    if (error instanceof Problem && error.type === lastAdmin)
      throw new StartError(`${email} is the last active admin. Promote another account first.`);
    throw error;
  }
}
