import { randomBytes } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';

interface Answer {
  status: number;
  // What a service sends is for the assertions to judge.
  // oxlint-disable-next-line typescript/no-explicit-any
  body: any;
}

/** What a new person registers with. */
export const newAccount = () => ({
  email: `u-${randomBytes(6).toString('hex')}@example.com`,
  password: `correct horse ${randomBytes(6).toString('hex')}`,
});

export type Person = Awaited<ReturnType<ReturnType<typeof clientOf>['register']>>;

/** Calls to the system at `url`, over connections that are kept. */
export function clientOf(url: string) {
  async function call(method: string, path: string, token?: string, body?: unknown): Promise<Answer> {
    const response = await fetch(`${url}${path}`, {
      method,
      headers: {
        ...(body !== undefined && { 'Content-Type': 'application/json' }),
        ...(token !== undefined && { Authorization: `Bearer ${token}` }),
      },
      ...(body !== undefined && { body: JSON.stringify(body) }),
      signal: AbortSignal.timeout(30_000),
    });
    const text = await response.text();
    return { status: response.status, body: text === '' ? undefined : JSON.parse(text) };
  }

  return {
    call,
    register: async () => {
      const account = newAccount();
      const { status, body } = await call('POST', '/api/auth/register', undefined, account);
      if (status !== 201) throw new Error(`registration answered ${status}: ${JSON.stringify(body)}`);
      const token: string = body.accessToken;
      return {
        ...account,
        token,
        call: (method: string, path: string, data?: unknown) => call(method, path, token, data),
      };
    },
  };
}

/** What a client does over and over, and the status of the answer that it wants. */
export type Call = () => Promise<{ status: number; wanted: number; what: string }>;

/** Keeps `count` clients busy with these calls until the returned function is called, which gives back what went wrong. */
export function load(calls: Call[], count: number): () => Promise<{ good: number; bad: string[] }> {
  let isOver = false;
  let good = 0;
  const bad: string[] = [];
  const clients = Array.from({ length: count }, async (_, client) => {
    for (let i = client; !isOver; i++) {
      const call = calls[i % calls.length]!;
      try {
        const { status, wanted, what } = await call();
        if (status === wanted) good++;
        else bad.push(`${what}: ${status}`);
      } catch (error) {
        bad.push(String(Error.isError(error) ? (error.cause ?? error) : error));
      }
      // A pause now and then, so that connections get idle too.
      if (i % 7 === 0) await delay(i % 200);
    }
  });
  return async () => {
    isOver = true;
    await Promise.all(clients);
    return { good, bad };
  };
}
