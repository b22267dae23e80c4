import { type IncomingMessage, type ServerResponse } from 'node:http';
import { text } from 'node:stream/consumers';
import { listening, serverUrl } from '@polyglot-notes/service-kit/testing';

type Fault = (req: IncomingMessage, res: ServerResponse) => void;

/**
 * A user-service in memory with the same answers, whose calls a test can let fail: `before` they do anything, or `after`,
 * so that the answer is lost.
 */
export async function startUserService() {
  const profiles = new Map<string, { state: 'present' | 'absent'; version: number; username: string }>();
  const faults: { before?: Fault | undefined; after?: Fault | undefined } = {};

  const server = await listening((req, res) => void answer(req, res));

  async function answer(req: IncomingMessage, res: ServerResponse): Promise<void> {
    const body: unknown = JSON.parse((await text(req)) || '{}');
    if (faults.before) {
      faults.before(req, res);
      return;
    }
    const id = req.url?.split('/').at(-1) ?? '';
    const [status, reply] = req.method === 'DELETE' ? remove(id) : put(id, body as Desired);
    if (faults.after) faults.after(req, res);
    else res.writeHead(status, { 'Content-Type': 'application/json' }).end(JSON.stringify(reply));
  }

  function put(id: string, { version, username, email }: Desired): [number, object] {
    const held = profiles.get(id);
    if (held?.state === 'absent') return [200, { state: 'absent' }];
    const others = [...profiles]
      .filter(([other]) => other !== id)
      .map(([, { username: name }]) => name.toLowerCase());
    if (others.includes(username.toLowerCase())) return [409, { code: 'username_taken' }];
    if (!held || held.version < version) profiles.set(id, { state: 'present', version, username });
    const now = new Date().toISOString();
    const rest = { role: 'user', status: 'active', bio: null, avatar: null, createdAt: now, updatedAt: now };
    return [200, { state: 'present', version, user: { id, email, emailVerified: false, username, ...rest } }];
  }

  function remove(id: string): [number, object] {
    profiles.set(id, { state: 'absent', version: 0, username: '' });
    return [200, { state: 'absent' }];
  }

  return {
    url: serverUrl(server),
    faults,
    usernames: () =>
      [...profiles.values()].filter(({ state }) => state === 'present').map(({ username }) => username),
    close: () => server.close(() => {}).closeAllConnections(),
  };
}

interface Desired {
  version: number;
  username: string;
  email: string;
}
