import type { TestSystem } from '@polyglot-notes/local-stack/testing';
import type { Call } from './requests.ts';
import type { Session, User } from './results.ts';

interface Revocation extends Call {
  url: string;
}

/** A call that revokes the token of a user's first session, and perhaps of the second. */
export interface WayToRevoke {
  name: string;
  /** The status that means that the tokens are revoked. */
  status: number;
  call(user: User, urls: TestSystem['urls'], adminToken: string): Revocation;
  /** The sessions whose tokens it revokes. The others stay valid. */
  revokes(user: User): Session[];
}

const first = ({ sessions }: User) => [sessions[0]];
const all = ({ sessions }: User) => sessions;

export const waysToRevoke: readonly WayToRevoke[] = [
  {
    name: 'deactivation',
    // A 202 would mean that auth-service has not confirmed the deactivation.
    status: 200,
    call: ({ id }, urls, adminToken) => ({
      url: `${urls['user-service']}/api/users/${id}`,
      method: 'PATCH',
      token: adminToken,
      body: { status: 'deactivated' },
    }),
    revokes: all,
  },
  {
    name: 'logout',
    status: 204,
    call: ({ sessions: [session] }, urls) => ({
      url: `${urls['auth-service']}/api/auth/logout`,
      method: 'POST',
      token: session.token,
    }),
    revokes: first,
  },
  {
    name: 'DELETE of a session',
    status: 204,
    call: ({ sessions: [session, other] }, urls) => ({
      url: `${urls['auth-service']}/api/auth/sessions/${session.id}`,
      method: 'DELETE',
      token: other.token,
    }),
    revokes: first,
  },
  {
    name: 'logout-all',
    status: 204,
    call: ({ sessions: [session] }, urls) => ({
      url: `${urls['auth-service']}/api/auth/logout-all`,
      method: 'POST',
      token: session.token,
    }),
    revokes: all,
  },
];
