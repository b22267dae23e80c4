import assert from 'node:assert/strict';
import type { TestSystem } from '@polyglot-notes/local-stack/testing';
import { createInternalClient } from '@polyglot-notes/service-kit';
import { send, type Answer } from '../requests.ts';
import type { SeededUser } from './seed.ts';

interface Page {
  entries: object[];
  cursor: string;
  more: boolean;
}

// The first admin has an entry as well, which is repeated while it is new.
const sessionsIn = (entries: object[]) => entries.filter((entry) => 'sid' in entry).length;

const took = ({ sentAt, answeredAt }: Answer) => answeredAt - sentAt;

interface Expected {
  password: string;
  sessions: number;
  endedSessions: number;
  adminToken: string;
}

/** The measured calls to the services. Each returns its ms and throws for a wrong answer. Login comes first. */
export function createCalls(
  { urls, environmentOf }: Pick<TestSystem, 'urls' | 'environmentOf'>,
  { password, sessions, endedSessions, adminToken }: Expected,
) {
  const service = urls['auth-service'];
  const internal = createInternalClient({
    baseUrl: service,
    caller: 'user-service',
    callee: 'auth-service',
    secrets: [environmentOf('auth-service')['USER_TO_AUTH_SECRET'] ?? ''],
    timeoutMs: 30_000,
  });
  const post = (path: string, body: object) => send(`${service}/api/auth/${path}`, { method: 'POST', body });
  let token = '';
  let cursor = '';

  async function readFeed(after?: string): Promise<Page> {
    const query = after === undefined ? '' : `?after=${after}`;
    return (await internal.call('GET', `/internal/revocations${query}`)) as Page;
  }

  async function listAccounts(query: string, isRight: (emails: string[]) => boolean): Promise<number> {
    const answer = await send(`${urls['user-service']}/api/users${query}`, { token: adminToken });
    const { items } = answer.body as { items: { email: string }[] };
    assert.ok(isRight(items.map(({ email }) => email)), `the list ${query} is wrong`);
    return took(answer);
  }

  return {
    async login({ email }: SeededUser) {
      const answer = await post('login', { email, password });
      assert.equal(answer.status, 200, 'a login was refused');
      token = (answer.body as { accessToken: string }).accessToken;
      return took(answer);
    },

    async refresh(user: SeededUser) {
      const answer = await post('refresh', { refreshToken: user.refreshToken });
      assert.equal(answer.status, 200, 'a refresh was refused');
      user.refreshToken = (answer.body as { refreshToken: string }).refreshToken;
      return took(answer);
    },

    'admin list': () => listAccounts('', (emails) => emails.length === 20),

    'admin search, one account': ({ email }: SeededUser) =>
      listAccounts(`?search=${email}`, (emails) => emails.length === 1 && emails[0] === email),

    'admin search, all accounts': () => listAccounts('?search=user', (emails) => emails.length === 20),

    'admin search, none': () => listAccounts('?search=zanzibar', (emails) => emails.length === 0),

    async 'list of sessions'() {
      const answer = await send(`${service}/api/auth/sessions`, { token });
      const { items } = answer.body as { items: object[] };
      assert.equal(items.length, sessions + 1, 'the list has not the seeded sessions and the new one');
      return took(answer);
    },

    async 'whole feed'() {
      const began = performance.now();
      const entries: object[] = [];
      let page = await readFeed();
      for (; page.more; page = await readFeed(page.cursor)) entries.push(...page.entries);
      entries.push(...page.entries);
      assert.equal(sessionsIn(entries), endedSessions, 'the feed has not all ended sessions');
      cursor = page.cursor;
      return performance.now() - began;
    },

    async 'poll of the feed'() {
      const began = performance.now();
      const { entries } = await readFeed(cursor);
      assert.equal(sessionsIn(entries), 0, 'the feed has an ended session again');
      return performance.now() - began;
    },
  };
}
