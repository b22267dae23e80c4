import type { paths } from './generated/api.ts';

export type Issued = paths['/api/auth/refresh']['post']['responses'][200]['content']['application/json'];

/** The tokens of a session. */
export interface Tokens {
  accessToken: string;
  refreshToken: string;
  /** When the tokens arrived, in milliseconds of the clock of this device. */
  issuedAt: number;
  /** When to replace the access token, in milliseconds of the clock of this device. */
  refreshAt: number;
}

/** Where a session keeps its tokens, for example `localStorage` or the secure store of a phone. */
export interface TokenStorage {
  load(): Tokens | undefined | Promise<Tokens | undefined>;
  save(tokens: Tokens): void | Promise<void>;
  clear(): void | Promise<void>;
}

/** Keeps the tokens in memory. */
export function memoryStorage(): TokenStorage {
  let stored: Tokens | undefined;
  return {
    load: () => stored,
    save(tokens) {
      stored = tokens;
    },
    clear() {
      stored = undefined;
    },
  };
}

// The last tenth of a lifetime makes up for slow answers.
export const tokensOf = ({ accessToken, refreshToken, expiresIn }: Issued): Tokens => {
  const issuedAt = Date.now();
  return { accessToken, refreshToken, issuedAt, refreshAt: issuedAt + 0.9 * expiresIn * 1_000 };
};

/**
 * Accesses `storage` one step at a time, so that a slow step cannot undo a later one. It calls `onRemoved` when tokens
 * that it has seen are gone, and it has not removed them itself.
 */
export function createTokenStore(storage: TokenStorage, onRemoved: () => void) {
  let last: Promise<unknown> = Promise.resolve();
  let hasTokens = false;
  const next = <Result>(step: () => Promise<Result>): Promise<Result> => {
    const result = last.then(step, step);
    last = result;
    return result;
  };
  const save = async (tokens: Tokens) => {
    await storage.save(tokens);
    hasTokens = true;
  };
  const clear = async () => {
    await storage.clear();
    hasTokens = false;
  };

  return {
    load: () =>
      next(async () => {
        const tokens = await storage.load();
        const isRemoved = hasTokens && tokens === undefined;
        hasTokens = tokens !== undefined;
        if (isRemoved) onRemoved();
        return tokens;
      }),
    save: (tokens: Tokens) => next(() => save(tokens)),

    /** Removes the tokens, and returns them. */
    take: () =>
      next(async () => {
        const tokens = await storage.load();
        await clear();
        return tokens;
      }),

    /** Replaces or removes `used`, unless others have been stored since. Returns whether it did. */
    replace: (used: Tokens, tokens: Tokens | undefined) =>
      next(async () => {
        const stored = await storage.load();
        if (stored?.refreshToken !== used.refreshToken) return false;
        await (tokens === undefined ? clear() : save(tokens));
        return true;
      }),
  };
}

export type TokenStore = ReturnType<typeof createTokenStore>;
