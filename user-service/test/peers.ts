import { startStandIn } from '@polyglot-notes/service-kit/testing';

interface Account {
  version: number;
  role: string;
  status: string;
}

/** An auth-service in memory that knows every account until it is erased, whose calls a test can let fail. */
export async function startAuthService() {
  const accounts = new Map<string, Account | 'erased'>();

  const standIn = await startStandIn(({ method, path, body }) => {
    const id = path.split('/').at(-1) ?? '';
    const held = accounts.get(id);
    if (method === 'DELETE') {
      accounts.set(id, 'erased');
      return [200, { credentials: 1, sessions: 0 }];
    }
    if (held === 'erased') return [200, { state: 'absent' }];
    const sent = body as Account;
    if (held === undefined || held.version < sent.version) accounts.set(id, sent);
    return [200, { state: 'present', version: Math.max(sent.version, held?.version ?? 0) }];
  });

  return { ...standIn, account: (id: string) => accounts.get(id) };
}

/** A notes-service in memory where every owner has seven notes, whose calls a test can let fail. */
export async function startNotesService() {
  const erased = new Set<string>();

  const standIn = await startStandIn(({ method, path }) => {
    if (path === '/health/ready') return [200, { status: 'ok' }];
    if (method === 'DELETE') erased.add(path.split('/').at(-1) ?? '');
    return [200, { notes: 7 }];
  });

  return { ...standIn, hasErased: (id: string) => erased.has(id) };
}
