import type { ApiClient } from './client.ts';
import { unlessAborted } from './send.ts';
import { tokensOf, type Tokens, type TokenStore } from './token-store.ts';

/** Why the server has ended a session: the refresh token is unknown, expired or revoked, or was used before. */
type RefusalCode = 'invalid_refresh_token' | 'refresh_token_reused';

/**
 * Why a session is over: the server has ended it, or (`tokens_removed`) another session with the same storage, such as
 * another tab, has removed the tokens.
 */
export type EndCode = RefusalCode | 'tokens_removed';

export interface Renewal {
  /** The current tokens; none when the session is over. */
  tokens: Tokens | undefined;
  /** Why there are no new tokens for now: the refusal of the server, or the error of the network. */
  failure?: unknown;
}

export type Renew = (used: Tokens) => Promise<Renewal>;

interface RenewOptions {
  store: TokenStore;
  anonymous: ApiClient;
  /** Resolves when no password change is under way. */
  passwordChanges: () => Promise<unknown>;
  onEnd: (code: EndCode) => void;
  timeoutMs: number;
}

/** Renews the tokens; calls that need it at the same time share one refresh. */
export function createRenew({ store, anonymous, passwordChanges, onEnd, timeoutMs }: RenewOptions): Renew {
  let pending: Promise<Renewal> | undefined;

  const request = (refreshToken: string) => {
    const signal = AbortSignal.timeout(timeoutMs);
    return unlessAborted(signal, anonymous.POST('/api/auth/refresh', { body: { refreshToken }, signal }));
  };

  /** The answer may be lost after the server has rotated the token, which works only for seconds after that. */
  async function refresh({ refreshToken }: Tokens) {
    const answer = await request(refreshToken).catch(() => undefined);
    return answer === undefined || answer.response.status >= 500 ? request(refreshToken) : answer;
  }

  async function renew(used: Tokens): Promise<Renewal> {
    await passwordChanges();
    const stored = await store.load();
    // Another call, or another tab with the same storage, was faster.
    if (stored?.accessToken !== used.accessToken) return { tokens: stored };
    const { data, error, response } = await refresh(stored);
    const code = error?.code;
    if (data !== undefined) await store.replace(stored, tokensOf(data));
    else if (isRefusal(code)) {
      await passwordChanges();
      if (await store.replace(stored, undefined)) onEnd(code);
    } else return { tokens: stored, failure: failureOf(error, response) };
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

/** An answer without a body has no problem that a call could return. */
function failureOf(error: object | undefined, response: Response): Response {
  if (error !== undefined) return Response.json(error, response);
  const status = response.ok ? 502 : response.status;
  return Response.json({ status, code: 'service_unavailable', title: 'The refresh failed' }, { status });
}

const isRefusal = (code: string | undefined): code is RefusalCode =>
  code === 'invalid_refresh_token' || code === 'refresh_token_reused';
