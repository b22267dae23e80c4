import { startFake, type FakeCall } from '@polyglot-notes/service-kit/testing';

interface Profile {
  state: 'present' | 'absent';
  version: number;
  minVer: number;
  username: string;
  email: string;
  emailVerified: boolean;
}

interface Desired {
  version: number;
  minVer: number;
  username?: string;
  email: string;
  emailVerified: boolean;
}

const emailOf = ({ email, emailVerified }: Profile) => ({ email, emailVerified });

/** A user-service in memory with the same answers, whose calls a test can let fail. */
export async function startUserService() {
  const profiles = new Map<string, Profile>();
  let admin: string | undefined;

  const fake = await startFake(({ method, path, body }: FakeCall) => {
    if (path === '/internal/first-admin') return appoint((body as { id: string }).id);
    const id = path.split('/').at(-1) ?? '';
    if (method === 'GET') return find(id);
    return method === 'DELETE' ? remove(id) : put(id, body as Desired);
  });

  function find(id: string): [number, object] {
    const held = profiles.get(id);
    return held?.state === 'present' ? [200, { username: held.username }] : [404, { code: 'not_found' }];
  }

  function put(id: string, desired: Desired): [number, object] {
    const { version, minVer, email, emailVerified } = desired;
    const held = profiles.get(id);
    const username = desired.username ?? held?.username;
    if (held?.state === 'absent' || username === undefined) return [200, { state: 'absent' }];
    const others = [...profiles]
      .filter(([other]) => other !== id)
      .map(([, { username: name }]) => name.toLowerCase());
    if (others.includes(username.toLowerCase())) return [409, { code: 'username_taken' }];
    if (!held || held.version < version)
      profiles.set(id, { state: 'present', version, minVer, username, email, emailVerified });
    const at = new Date().toISOString();
    const rest = { role: 'user', status: 'active', bio: null, avatar: null, createdAt: at, updatedAt: at };
    const user = { id, email, emailVerified, username, ...rest };
    const now = profiles.get(id)!;
    return [
      200,
      { state: 'present', version: now.version, minVer: now.minVer, user: { ...user, ...emailOf(now) } },
    ];
  }

  function remove(id: string): [number, object] {
    profiles.set(id, {
      state: 'absent',
      version: 0,
      minVer: 0,
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
      version: 2,
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
    /** What it holds after a backup of auth-service was restored. */
    holdVersion: (id: string, version: number) => Object.assign(profiles.get(id)!, { version }),
    usernames: () =>
      [...profiles.values()].filter(({ state }) => state === 'present').map(({ username }) => username),
  };
}
