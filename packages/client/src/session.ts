import type { ClientOptions, Middleware } from 'openapi-fetch';
import { createClient, type ApiClient } from './client.ts';
import type { paths } from './generated/api.ts';
import {
  createTokenStore,
  memoryStorage,
  type Tokens,
  type TokenStorage,
  type TokenStore,
} from './token-store.ts';

type Body<Path extends '/api/auth/register' | '/api/auth/login'> =
  paths[Path]['post']['requestBody']['content']['application/json'];
type Issued = paths['/api/auth/refresh']['post']['responses'][200]['content']['application/json'];

/** Why the server has ended a session: the refresh token is unknown, expired or revoked, or was used before. */
export type EndCode = 'invalid_refresh_token' | 'refresh_token_reused';

export interface SessionOptions extends ClientOptions {
  /** Where the tokens are kept; in memory by default. */
  storage?: TokenStorage;
  /** Called once when the server has ended the session: the user has to log in again. */
  onEnd?: (code: EndCode) => void;
}

type Send = (request: Request) => Promise<Response>;

interface Renewal {
  /** The current tokens; none when the session is over. */
  tokens: Tokens | undefined;
  /** Why there are no new tokens for now: the refusal of the server, or the error of the network. */
  failure?: unknown;
}

type Renew = (used: Tokens) => Promise<Renewal>;

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

// The last tenth of a lifetime makes up for slow answers.
const tokensOf = ({ accessToken, refreshToken, expiresIn }: Issued): Tokens => ({
  accessToken,
  refreshToken,
  refreshAt: Date.now() + 0.9 * expiresIn * 1_000,
});

const issuing = new Set(['/api/auth/register', '/api/auth/login', '/api/auth/update-password']);
const ending = new Set(['/api/auth/logout', '/api/auth/logout-all']);

const keepTokens = (store: TokenStore): Middleware => ({
  async onResponse({ schemaPath, response }) {
    if (!response.ok) return;
    if (issuing.has(schemaPath)) await store.save(tokensOf((await response.clone().json()) as Issued));
    if (ending.has(schemaPath)) await store.take();
  },
});

interface RenewOptions {
  store: TokenStore;
  anonymous: ApiClient;
  onEnd: (code: EndCode) => void;
}

/** Renews the tokens; calls that need it at the same time share one refresh. */
function createRenew({ store, anonymous, onEnd }: RenewOptions): Renew {
  let pending: Promise<Renewal> | undefined;
  const request = (refreshToken: string) => anonymous.POST('/api/auth/refresh', { body: { refreshToken } });

  /** The answer may be lost after the server has rotated the token, which works only for seconds after that. */
  async function refresh({ refreshToken }: Tokens) {
    const answer = await request(refreshToken).catch(() => undefined);
    return answer === undefined || answer.response.status >= 500 ? request(refreshToken) : answer;
  }

  async function renew(used: Tokens): Promise<Renewal> {
    const stored = await store.load();
    // Another call, or another tab with the same storage, was faster.
    if (stored?.accessToken !== used.accessToken) return { tokens: stored };
    const { data, error, response } = await refresh(stored);
    if (data !== undefined) await store.replace(stored, tokensOf(data));
    else if (isEnd(error.code)) {
      if (await store.replace(stored, undefined)) onEnd(error.code);
    } else return { tokens: stored, failure: Response.json(error, response) };
    return { tokens: await store.load() };
  }

  return (used) => {
    pending ??= renew(used)
      .catch((failure: unknown) => ({ tokens: used, failure }))
      .finally(() => {
        pending = undefined;
      });
    return pending;
  };
}

const isEnd = (code: string): code is EndCode =>
  code === 'invalid_refresh_token' || code === 'refresh_token_reused';

interface AuthorizedOptions {
  store: TokenStore;
  renew: Renew;
  send: Send;
}

/** Sends requests with the access token. A call whose token is refused is repeated once with a new one. */
const authorized = ({ store, renew, send }: AuthorizedOptions): Send =>
  async function sendAuthorized(request) {
    const stored = await store.load();
    if (stored === undefined || request.headers.has('Authorization')) return send(request);
    const renewFor = (tokens: Tokens) => unlessAborted(request.signal, renew(tokens));

    // If this fails, the token may still be valid: the server decides.
    const early = stored.refreshAt <= Date.now() ? await renewFor(stored) : { tokens: stored };
    const used = early.tokens ?? stored;
    const copy = request.clone();
    const response = await send(withToken(request, used));
    if (!(await isTokenRefused(response))) return response;

    const { tokens, failure } = early.failure === undefined ? await renewFor(used) : early;
    if (failure instanceof Response) return failure.clone();
    if (failure !== undefined) throw failure;
    if (tokens === undefined || tokens.accessToken === used.accessToken) return response;
    return send(withToken(copy, tokens));
  };

function withToken(request: Request, { accessToken }: Tokens): Request {
  request.headers.set('Authorization', `Bearer ${accessToken}`);
  return request;
}

const refusals = new Set(['token_expired', 'token_revoked', 'unauthenticated']);

async function isTokenRefused(response: Response): Promise<boolean> {
  if (response.status !== 401) return false;
  const problem = (await response
    .clone()
    .json()
    .catch(() => ({}))) as { code?: string };
  return refusals.has(problem.code ?? '');
}

/** The result of `promise`, for which a call waits only until its signal aborts. */
async function unlessAborted<Result>(signal: AbortSignal, promise: Promise<Result>): Promise<Result> {
  signal.throwIfAborted();
  const aborted = new Promise<never>((_resolve, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason), { once: true });
  });
  return Promise.race([promise, aborted]);
}
