import { Problem, problems } from '@polyglot-notes/service-kit';
import type { Context } from '../context.ts';
import type { ProfileDocument } from '../profiles/profile.model.ts';

type Dependencies = Pick<Context, 'accounts' | 'activeAdmins' | 'clock'>;

/** Makes an account an admin while there is none; the same account again gets the same answer. */
export const firstAdminService =
  ({ accounts, activeAdmins, clock }: Dependencies) =>
  async (id: string) => {
    for (;;) {
      const account = await accounts.find(id);
      if (account?.status !== 'active') throw new Problem(problems.notFound);
      if (await activeAdmins.has(id)) return appointed(account);
      if (!(await activeAdmins.isEmpty())) return { state: 'not_needed' as const };
      const admin = await accounts.change(account, { role: 'admin' }, { access: 1 }, clock());
      if (typeof admin !== 'object') continue;
      await activeAdmins.admit(id, admin.accountVersion);
      return appointed(admin);
    }
  };

const appointed = ({ accountVersion, accessRevocations, sessionRevocations }: ProfileDocument) => ({
  state: 'appointed' as const,
  account: {
    version: accountVersion,
    role: 'admin' as const,
    status: 'active' as const,
    accessRevocations,
    sessionRevocations,
  },
});
