import { startFake } from '@polyglot-notes/service-kit/testing';

interface SentEvent {
  id: string;
  type: string;
  actorId: string | null;
  address: string | null;
  details: object;
}

interface Account {
  accountVersion: number;
  role: string;
  status: string;
  accessRevocations: number;
  sessionRevocations: number;
}

const feed = '/internal/revocations';
const fresh = {
  accountVersion: 1,
  role: 'user',
  status: 'active',
  accessRevocations: 0,
  sessionRevocations: 0,
};

/** A fake auth-service in memory that has every account, with three sessions, until it is erased. A test can make its calls fail. */
export async function startAuthService() {
  const accounts = new Map<string, Account | 'erased' | 'pending'>();
  const eventsOf = new Map<string, SentEvent[]>();

  function put(id: string, { events, ...sent }: Account & { events: SentEvent[] }): [number, object] {
    eventsOf.set(id, events);
    const stored = accounts.get(id);
    if (stored === 'erased') return [200, { state: 'absent' }];
    if (stored === 'pending') return [200, { state: stored }];
    const now = stored === undefined || stored.accountVersion < sent.accountVersion ? sent : stored;
    accounts.set(id, now);
    return [200, { state: 'present', ...now, accessVersion: 1 + now.accessRevocations }];
  }

  function find(id: string): [number, object] {
    const stored = accounts.get(id);
    if (stored === 'erased' || stored === undefined) return [200, { id, state: stored ?? 'absent' }];
    const decided = stored === 'pending' ? fresh : stored;
    const profile = { profileVersion: 1, email: 'a@example.com', emailVerified: false, delivery: null };
    const state = stored === 'pending' ? stored : 'active';
    return [200, { id, state, ...profile, ...decided, accessVersion: 1 + decided.accessRevocations }];
  }

  const fake = await startFake(
    ({ method, path, body }) => {
      if (path.startsWith(feed))
        return [200, { entries: [], cursor: '1', more: false, whole: true, lifetimeSeconds: 900 }];
      const id = path.split('/').at(-1) ?? '';
      if (method === 'PUT') return put(id, body as Account & { events: SentEvent[] });
      if (method === 'GET') return find(id);
      accounts.set(id, 'erased');
      eventsOf.set(id, (body as { events: SentEvent[] }).events);
      return [200, { credentials: 1, sessions: 3 }];
    },
    [feed],
  );

  return {
    ...fake,
    account: (id: string) => accounts.get(id),
    /** The events in the latest delivery of an account. */
    events: (id: string) => eventsOf.get(id),
    /** Stores another state, as after a restored backup of user-service. */
    store: (id: string, account: Account) => accounts.set(id, account),
    forget: (id: string) => accounts.set(id, 'erased'),
    /** Makes an account pending until `completeRegistration`. */
    beginRegistration: (id: string) => accounts.set(id, 'pending'),
    completeRegistration: (id: string) => accounts.delete(id),
  };
}

/**
 * A fake notes-service in memory where every owner has seven notes, two of them in the trash. A test can make its calls
 * fail, and set what an erasure returns.
 */
export async function startNotesService() {
  const erased = new Set<string>();
  const answers = { erasure: { notes: 7, trashed: 2, versions: 30, idempotencyKeys: 1 } as object };

  const fake = await startFake(({ path }) => {
    erased.add(path.split('/').at(-1) ?? '');
    return [200, answers.erasure];
  });

  return { ...fake, answers, hasErased: (id: string) => erased.has(id) };
}
