import type { Renew } from './renew.ts';
import type { Tokens, TokenStore } from './token-store.ts';

type Send = (request: Request) => Promise<Response>;

interface AuthorizedOptions {
  store: TokenStore;
  renew: Renew;
  send: Send;
}

/** Sends requests with the access token. A call whose token is refused is repeated once with a new one. */
export const authorized = ({ store, renew, send }: AuthorizedOptions): Send =>
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
