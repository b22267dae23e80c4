import { Problem, problems } from '@polyglot-notes/service-kit';
import type { Context } from '../context.ts';
import type { ProfileDocument } from '../profiles/profile.model.ts';

type Dependencies = Pick<Context, 'accounts' | 'adminGate' | 'clock'>;

/** Makes an account an admin while there is none; the same account again gets the same answer. */
export const firstAdminService =
  ({ accounts, adminGate, clock }: Dependencies) =>
  async (id: string) => {
    for (;;) {
      const account = await accounts.find(id);
      if (account?.status !== 'active') throw new Problem(problems.notFound);
      if (await adminGate.has(id)) return appointed(account);
      if (!(await adminGate.isEmpty())) return { state: 'not_needed' as const };
      const ticket = await adminGate.announce(id);
      const admin = await accounts.change(account, { role: 'admin' }, clock());
      if (typeof admin !== 'object') continue;
      await adminGate.admit(id, ticket);
      return appointed(admin);
    }
  };

const appointed = ({ accountVersion }: ProfileDocument) => ({
  state: 'appointed' as const,
  account: { version: accountVersion, role: 'admin' as const, status: 'active' as const },
});
