import type { ClientOptions, Middleware } from 'openapi-fetch';
import { authorized } from './authorized.ts';
import { createClient } from './client.ts';
import type { paths } from './generated/api.ts';
import { createRenew, tokensOf, type EndCode, type Issued } from './renew.ts';
import { createTokenStore, memoryStorage, type TokenStorage, type TokenStore } from './token-store.ts';

type Body<Path extends '/api/auth/register' | '/api/auth/login'> =
  paths[Path]['post']['requestBody']['content']['application/json'];
export interface SessionOptions extends ClientOptions {
  /** Where the tokens are kept; in memory by default. */
  storage?: TokenStorage;
  /** Called once when the server has ended the session: the user has to log in again. */
  onEnd?: (code: EndCode) => void;
}

/** Creates a session: a client that keeps the tokens of a login, renews them in time and repeats calls when needed. */
export function createSession({
  storage = memoryStorage(),
  onEnd = () => {},
  fetch: send = globalThis.fetch,
  ...options
}: SessionOptions = {}) {
  const store = createTokenStore(storage);
  const anonymous = createClient({ ...options, fetch: send });
  const renew = createRenew({ store, anonymous, onEnd });
  const api = createClient({ ...options, fetch: authorized({ store, renew, send }) });
  for (const client of [anonymous, api]) client.use(keepTokens(store));
  return {
    /** Makes calls with the access token. It keeps the tokens of answers, such as that of a password change. */
    api,
    register: (body: Body<'/api/auth/register'>) => anonymous.POST('/api/auth/register', { body }),
    logIn: (body: Body<'/api/auth/login'>) => anonymous.POST('/api/auth/login', { body }),
    isLoggedIn: async () => (await store.load()) !== undefined,

    /** Forgets the tokens, then ends the session on the server. Without a session it does nothing. */
    async logOut() {
      const tokens = await store.take();
      if (tokens === undefined) return undefined;
      return anonymous.POST('/api/auth/logout', { body: { refreshToken: tokens.refreshToken } });
    },
  };
}

export type Session = ReturnType<typeof createSession>;

const issuing = new Set(['/api/auth/register', '/api/auth/login', '/api/auth/update-password']);
const ending = new Set(['/api/auth/logout', '/api/auth/logout-all']);

const keepTokens = (store: TokenStore): Middleware => ({
  async onResponse({ schemaPath, response }) {
    if (!response.ok) return;
    if (issuing.has(schemaPath)) await store.save(tokensOf((await response.clone().json()) as Issued));
    if (ending.has(schemaPath)) await store.take();
  },
});
