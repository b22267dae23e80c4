import type { Renew } from './renew.ts';
import { unlessAborted, type Send } from './send.ts';
import type { Tokens, TokenStore } from './token-store.ts';

interface AuthorizedOptions {
  store: TokenStore;
  renew: Renew;
  send: Send;
  isStream: (request: Request) => boolean;
}

/** Sends requests with the access token. A call whose token is refused is repeated once with a new one. */
export const authorized = ({ store, renew, send, isStream }: AuthorizedOptions): Send =>
  async function sendAuthorized(request, init) {
    const stored = await store.load();
    if (stored === undefined || request.headers.has('Authorization')) return send(request, init);
    const renewFor = (tokens: Tokens) => unlessAborted(request.signal, renew(tokens));

    // If this fails, the token may still be valid: the server decides.
    const early = stored.refreshAt <= Date.now() ? await renewFor(stored) : { tokens: stored };
    const used = early.tokens ?? stored;
    const copy = isStream(request) ? undefined : request.clone();
    const response = await send(withToken(request, used), init);
    if (!(await isTokenRefused(response, used))) return response;

    const { tokens, failure } = early.failure === undefined ? await renewFor(used) : early;
    if (failure instanceof Response) return failure.clone();
    if (failure !== undefined) throw failure;
    const isNew = tokens !== undefined && tokens.accessToken !== used.accessToken;
    return isNew && copy !== undefined ? send(withToken(copy, tokens), init) : response;
  };

function withToken(request: Request, { accessToken }: Tokens): Request {
  request.headers.set('Authorization', `Bearer ${accessToken}`);
  return request;
}

const freshMs = 30_000;

async function isTokenRefused(response: Response, { issuedAt }: Tokens): Promise<boolean> {
  if (response.status !== 401) return false;
  const problem = (await response
    .clone()
    .json()
    .catch(() => ({}))) as { code?: string };
  // A server that does not accept a fresh token does not accept the next one either.
  if (problem.code === 'unauthenticated') return !(Math.abs(Date.now() - issuedAt) < freshMs);
  return problem.code === 'token_expired' || problem.code === 'token_revoked';
}
