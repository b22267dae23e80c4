import assert from 'node:assert/strict';
import type { TestSystem } from '@polyglot-notes/local-stack/testing';
import { createInternalClient } from '@polyglot-notes/service-kit';
import { send, type Answer } from './requests.ts';
import type { SeededUser } from './seed-sessions.ts';

export type Calls = ReturnType<typeof createCalls>;

interface Page {
  entries: object[];
  cursor: string;
  more: boolean;
}

const took = ({ sentAt, answeredAt }: Answer) => answeredAt - sentAt;

/** The measured calls to auth-service. Each returns its ms and throws for a wrong answer. Login comes first. */
export function createCalls(
  { urls, environmentOf }: Pick<TestSystem, 'urls' | 'environmentOf'>,
  { password, endedSessions }: { password: string; endedSessions: number },
) {
  const service = urls['auth-service'];
  const internal = createInternalClient({
    baseUrl: service,
    caller: 'user-service',
    callee: 'auth-service',
    secret: environmentOf('auth-service')['USER_TO_AUTH_SECRET'] ?? '',
    timeoutMs: 30_000,
  });
  const post = (path: string, body: object) => send(`${service}/api/auth/${path}`, { method: 'POST', body });
  let token = '';
  let cursor = '';

  async function readFeed(after?: string): Promise<Page> {
    const query = after === undefined ? '' : `?after=${after}`;
    return (await internal.call('GET', `/internal/revocations${query}`)) as Page;
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

    async 'list of sessions'(_user: SeededUser) {
      const answer = await send(`${service}/api/auth/sessions`, { token });
      const { items } = answer.body as { items: object[] };
      assert.equal(items.length, 6, 'the list has not the five seeded sessions and the new one');
      return took(answer);
    },

    async 'whole feed'(_user: SeededUser) {
      const began = performance.now();
      const entries: object[] = [];
      let page = await readFeed();
      for (; page.more; page = await readFeed(page.cursor)) entries.push(...page.entries);
      entries.push(...page.entries);
      // The first admin has an entry as well.
      assert.equal(
        entries.filter((entry) => 'sid' in entry).length,
        endedSessions,
        'the feed has not all ended sessions',
      );
      cursor = page.cursor;
      return performance.now() - began;
    },

    async 'poll of the feed'(_user: SeededUser) {
      const began = performance.now();
      const { entries } = await readFeed(cursor);
      assert.equal(entries.length, 0, 'the feed has an entry that nothing has made');
      return performance.now() - began;
    },
  };
}
