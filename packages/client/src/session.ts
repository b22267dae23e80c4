import type { ClientOptions } from 'openapi-fetch';
import { authorized } from './authorized.ts';
import { createClient } from './client.ts';
import type { paths } from './generated/api.ts';
import { createKeepTokens } from './keep-tokens.ts';
import { createRenew, type EndCode } from './renew.ts';
import { createStreamRequests, unlessAborted } from './send.ts';
import { createTokenStore, memoryStorage, type TokenStorage } from './token-store.ts';

type Body<Path extends '/api/auth/register' | '/api/auth/login'> =
  paths[Path]['post']['requestBody']['content']['application/json'];
export interface SessionOptions extends ClientOptions {
  /** Where the tokens are kept; in memory by default. */
  storage?: TokenStorage;
  /** Called once when the session is over, other than by its own logout: the user has to log in again. */
  onEnd?: (code: EndCode) => void;
  /** @internal How long an attempt to refresh may take. Two must fit well into the grace period of a spent token. */
  refreshTimeoutMs?: number;
}

/** Creates a session: a client that keeps the tokens of a login, renews them in time and repeats calls when needed. */
export function createSession({
  storage = memoryStorage(),
  onEnd = () => {},
  refreshTimeoutMs = 4_000,
  fetch = globalThis.fetch,
  Request = globalThis.Request,
  ...options
}: SessionOptions = {}) {
  const end = reportEnd(onEnd);
  const store = createTokenStore(storage, () => end('tokens_removed'));
  const { keepTokens: send, passwordChanges } = createKeepTokens(store, fetch);
  const anonymous = createClient({ ...options, Request, fetch: send });
  const renew = createRenew({ store, anonymous, passwordChanges, onEnd: end, timeoutMs: refreshTimeoutMs });
  const streams = createStreamRequests(Request);
  const api = createClient({
    ...options,
    Request: streams.Request,
    fetch: authorized({ store, renew, send, isStream: streams.isStream }),
  });
  return {
    /** Makes calls with the access token. It keeps the tokens of answers, such as that of a password change. */
    api,
    register: (body: Body<'/api/auth/register'>) => anonymous.POST('/api/auth/register', { body }),
    logIn: (body: Body<'/api/auth/login'>) => anonymous.POST('/api/auth/login', { body }),
    isLoggedIn: async () => (await store.load()) !== undefined,

    /**
     * Waits for a password change that is under way, forgets the tokens, then ends the session on the server. Without a
     * session it does nothing.
     */
    async logOut() {
      // The tokens of a later answer would undo the logout. One that takes long is not waited for.
      const limit = AbortSignal.timeout(refreshTimeoutMs);
      await unlessAborted(limit, passwordChanges()).catch(() => {});
      const tokens = await store.take();
      if (tokens === undefined) return undefined;
      return anonymous.POST('/api/auth/logout', { body: { refreshToken: tokens.refreshToken } });
    },
  };
}

export type Session = ReturnType<typeof createSession>;

/** The calls that meet the end must not fail because of `onEnd`. */
const reportEnd = (onEnd: (code: EndCode) => void) => (code: EndCode) => {
  try {
    onEnd(code);
  } catch (error) {
    console.error(error);
  }
};
