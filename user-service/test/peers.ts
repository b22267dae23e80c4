import { startStandIn } from '@polyglot-notes/service-kit/testing';

interface Account {
  version: number;
  role: string;
  status: string;
  accessCuts: number;
  sessionCuts: number;
}

const feed = '/internal/revocations';

/** An auth-service in memory that knows every account until it is erased, whose calls a test can let fail. */
export async function startAuthService() {
  const accounts = new Map<string, Account | 'erased' | 'pending'>();

  function put(id: string, sent: Account): [number, object] {
    const held = accounts.get(id);
    if (held === 'erased') return [200, { state: 'absent' }];
    if (held === 'pending') return [200, { state: held }];
    const now = held === undefined || held.version < sent.version ? sent : held;
    accounts.set(id, now);
    const { version, accessCuts, sessionCuts } = now;
    return [200, { state: 'present', version, accessCuts, sessionCuts, minVer: 1 + accessCuts }];
  }

  const standIn = await startStandIn(
    ({ method, path, body }) => {
      if (path.startsWith(feed))
        return [200, { entries: [], cursor: '1', more: false, whole: true, lifetimeSeconds: 900 }];
      const id = path.split('/').at(-1) ?? '';
      if (method === 'PUT') return put(id, body as Account);
      accounts.set(id, 'erased');
      return [200, { credentials: 1, sessions: 0 }];
    },
    [feed],
  );

  return {
    ...standIn,
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

  const standIn = await startStandIn(({ path }) => {
    erased.add(path.split('/').at(-1) ?? '');
    return [200, { notes: 7 }];
  });

  return { ...standIn, hasErased: (id: string) => erased.has(id) };
}
