import { setTimeout as delay } from 'node:timers/promises';
import {
  buildAccount,
  login,
  type Account,
  type Client,
  type User,
} from '@polyglot-notes/service-kit/testing';

/** The statuses that a client may get while a part is unavailable; 0 stands for a broken or refused connection. */
const outages = new Set([0, 502, 503, 504]);
const hungUp = () => ({ status: 0 });

/** Writes notes and registers users until `stop`; `outcome` then looks up what was acknowledged. */
export function writer(client: Client, user: User) {
  const { call } = client;
  let isOver = false;
  const titles: string[] = [];
  const accounts: Account[] = [];
  const other: string[] = [];
  const writing = (async () => {
    for (let i = 0; !isOver; i++) {
      const title = `note ${i}`;
      const { status } = await user.call('POST', '/api/notes', { body: { title } }).catch(hungUp);
      if (status === 201) titles.push(title);
      else if (!outages.has(status)) other.push(`POST /api/notes: ${status}`);
      if (i % 5 === 0) {
        const account = buildAccount();
        const made = await call('POST', '/api/auth/register', { body: account }).catch(hungUp);
        if (made.status === 201) accounts.push(account);
        else if (!outages.has(made.status)) other.push(`POST /api/auth/register: ${made.status}`);
      }
      await delay(20);
    }
  })();
  async function outcome() {
    const kept = new Set<string>();
    for (let cursor = ''; ;) {
      const { body } = await user.call('GET', `/api/notes?limit=100${cursor && `&cursor=${cursor}`}`);
      for (const { title } of body.items) kept.add(title);
      if (body.page.nextCursor === null) break;
      cursor = body.page.nextCursor;
    }
    const lost = titles.filter((title) => !kept.has(title));
    // One after the other: hundreds of logins at once could be refused.
    for (const account of accounts) {
      const { status, body } = await login(client, account);
      const me = await client.as(body.accessToken).call('GET', '/api/users/me');
      if (me.body.email !== account.email) lost.push(`${account.email}: ${status}, ${me.status}`);
    }
    return {
      notes: titles.length,
      people: accounts.length,
      lost,
      other,
    };
  }

  return {
    async stop(): Promise<void> {
      isOver = true;
      await writing;
    },
    outcome,
  };
}
