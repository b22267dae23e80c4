import { startFake, type FakeCall } from '@polyglot-notes/service-kit/testing';

interface Profile {
  state: 'present' | 'absent';
  profileVersion: number;
  accessVersion: number;
  username: string;
  email: string;
  emailVerified: boolean;
}

interface Desired {
  profileVersion: number;
  accessVersion: number;
  username?: string;
  email: string;
  emailVerified: boolean;
}

const emailOf = ({ email, emailVerified }: Profile) => ({ email, emailVerified });

/** A fake user-service in memory. A test can make its calls fail. */
export async function startUserService() {
  const profiles = new Map<string, Profile>();
  const endedSessions = new Set<string>();
  let admin: string | undefined;

  const fake = await startFake(({ method, path, body }: FakeCall) => {
    if (path === '/internal/first-admin') return appoint((body as { id: string }).id);
    const id = path.split('/').at(-1) ?? '';
    if (path.startsWith('/internal/ended-sessions/')) return endSession(id);
    if (method === 'GET') return find(id);
    return method === 'DELETE' ? remove(id) : put(id, body as Desired);
  });

  function endSession(id: string): [number, object] {
    endedSessions.add(id);
    return [200, { id }];
  }

  function find(id: string): [number, object] {
    const stored = profiles.get(id);
    return stored?.state === 'present' ? [200, { username: stored.username }] : [404, { code: 'not_found' }];
  }

  function put(id: string, desired: Desired): [number, object] {
    const { profileVersion, accessVersion, email, emailVerified } = desired;
    const stored = profiles.get(id);
    const username = desired.username ?? stored?.username;
    if (stored?.state === 'absent' || username === undefined) return [200, { state: 'absent' }];
    const others = [...profiles]
      .filter(([other]) => other !== id)
      .map(([, { username: name }]) => name.toLowerCase());
    if (others.includes(username.toLowerCase())) return [409, { code: 'username_taken' }];
    if (!stored || stored.profileVersion < profileVersion)
      profiles.set(id, { state: 'present', profileVersion, accessVersion, username, email, emailVerified });
    const at = new Date().toISOString();
    const rest = { role: 'user', status: 'active', bio: null, avatar: null, createdAt: at, updatedAt: at };
    const user = { id, email, emailVerified, username, ...rest };
    const now = profiles.get(id)!;
    return [
      200,
      {
        state: 'present',
        profileVersion: now.profileVersion,
        accessVersion: now.accessVersion,
        user: { ...user, ...emailOf(now) },
      },
    ];
  }

  function remove(id: string): [number, object] {
    profiles.set(id, {
      state: 'absent',
      profileVersion: 0,
      accessVersion: 0,
      username: '',
      email: '',
      emailVerified: false,
    });
    return [200, { state: 'absent' }];
  }

  function appoint(id: string): [number, object] {
    admin ??= id;
    if (admin !== id) return [200, { state: 'not_needed' }];
    const account = {
      accountVersion: 2,
      role: 'admin',
      status: 'active',
      accessRevocations: 1,
      sessionRevocations: 0,
    };
    return [200, { state: 'appointed', account }];
  }

  return {
    ...fake,
    profile: (id: string) => profiles.get(id),
    /** Removes all profiles and the admin. */
    clear() {
      profiles.clear();
      admin = undefined;
    },
    hasEnded: (sessionId: string) => endedSessions.has(sessionId),
    /** Stores a later version, as after a restored backup of auth-service. */
    storeVersion: (id: string, profileVersion: number) =>
      Object.assign(profiles.get(id)!, { profileVersion }),
    usernames: () =>
      [...profiles.values()].filter(({ state }) => state === 'present').map(({ username }) => username),
  };
}
