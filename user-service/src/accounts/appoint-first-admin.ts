import { Problem, problems } from '@polyglot-notes/service-kit';
import type { ChangeAccount } from './change-account.ts';
import { accountStateOf } from '../profiles/account-state.ts';
import type { ActiveAdminsRepository } from '../active-admins/active-admins.repository.ts';

export interface Dependencies {
  activeAdmins: Pick<ActiveAdminsRepository, 'has' | 'isEmpty'>;
  changeAccount: ChangeAccount;
}

/** Makes an account an admin while there is none. A repeat for the same account returns the same answer. */
export const createAppointFirstAdmin =
  ({ activeAdmins, changeAccount }: Dependencies) =>
  async (id: string) => {
    const isNeeded = (await activeAdmins.has(id)) || (await activeAdmins.isEmpty());
    if (!isNeeded) return { state: 'not_needed' as const };
    const { account } = await changeAccount(id, ({ role, status }) => {
      if (status !== 'active') throw new Problem(problems.notFound);
      return role === 'admin' ? {} : { role: 'admin' };
    });
    return { state: 'appointed' as const, account: accountStateOf(account) };
  };
