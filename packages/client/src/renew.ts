import type { ApiClient } from './client.ts';
import type { paths } from './generated/api.ts';
import type { Tokens, TokenStore } from './token-store.ts';

export type Issued = paths['/api/auth/refresh']['post']['responses'][200]['content']['application/json'];

/** Why the server has ended a session: the refresh token is unknown, expired or revoked, or was used before. */
export type EndCode = 'invalid_refresh_token' | 'refresh_token_reused';

export interface Renewal {
  /** The current tokens; none when the session is over. */
  tokens: Tokens | undefined;
  /** Why there are no new tokens for now: the refusal of the server, or the error of the network. */
  failure?: unknown;
}

export type Renew = (used: Tokens) => Promise<Renewal>;

// The last tenth of a lifetime makes up for slow answers.
export const tokensOf = ({ accessToken, refreshToken, expiresIn }: Issued): Tokens => ({
  accessToken,
  refreshToken,
  refreshAt: Date.now() + 0.9 * expiresIn * 1_000,
});

interface RenewOptions {
  store: TokenStore;
  anonymous: ApiClient;
  onEnd: (code: EndCode) => void;
}

/** Renews the tokens; calls that need it at the same time share one refresh. */
export function createRenew({ store, anonymous, onEnd }: RenewOptions): Renew {
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
