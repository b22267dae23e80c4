import { startFake } from '@polyglot-notes/service-kit/testing';

interface Account {
  version: number;
  role: string;
  status: string;
  accessRevocations: number;
  sessionRevocations: number;
}

const feed = '/internal/revocations';
const fresh = { version: 1, role: 'user', status: 'active', accessRevocations: 0, sessionRevocations: 0 };

/** An auth-service in memory that knows every account until it is erased, whose calls a test can let fail. */
export async function startAuthService() {
  const accounts = new Map<string, Account | 'erased' | 'pending'>();

  function put(id: string, sent: Account): [number, object] {
    const held = accounts.get(id);
    if (held === 'erased') return [200, { state: 'absent' }];
    if (held === 'pending') return [200, { state: held }];
    const now = held === undefined || held.version < sent.version ? sent : held;
    accounts.set(id, now);
    return [200, { state: 'present', ...now, minVer: 1 + now.accessRevocations }];
  }

  function find(id: string): [number, object] {
    const held = accounts.get(id);
    if (held === 'erased' || held === undefined) return [200, { id, state: held ?? 'absent' }];
    const { version, ...decided } = held === 'pending' ? fresh : held;
    const wish = { version: 1, email: 'a@example.com', emailVerified: false, delivery: null };
    const state = held === 'pending' ? held : 'active';
    return [
      200,
      { id, state, ...wish, ...decided, accountVersion: version, minVer: 1 + decided.accessRevocations },
    ];
  }

  const fake = await startFake(
    ({ method, path, body }) => {
      if (path.startsWith(feed))
        return [200, { entries: [], cursor: '1', more: false, whole: true, lifetimeSeconds: 900 }];
      const id = path.split('/').at(-1) ?? '';
      if (method === 'PUT') return put(id, body as Account);
      if (method === 'GET') return find(id);
      accounts.set(id, 'erased');
      return [200, { credentials: 1, sessions: 0 }];
    },
    [feed],
  );

  return {
    ...fake,
    account: (id: string) => accounts.get(id),
    /** What it holds after a backup of user-service was restored. */
    hold: (id: string, account: Account) => accounts.set(id, account),
    forget: (id: string) => accounts.set(id, 'erased'),
    /** A registration that is not over: it is pending until `complete` is called. */
    beginRegistration: (id: string) => accounts.set(id, 'pending'),
    completeRegistration: (id: string) => accounts.delete(id),
  };
}

/** A notes-service in memory where every owner has seven notes, whose calls a test can let fail. */
export async function startNotesService() {
  const erased = new Set<string>();

  const fake = await startFake(({ path }) => {
    erased.add(path.split('/').at(-1) ?? '');
    return [200, { notes: 7 }];
  });

  return { ...fake, hasErased: (id: string) => erased.has(id) };
}
