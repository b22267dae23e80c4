/** The tokens of a session. */
export interface Tokens {
  accessToken: string;
  refreshToken: string;
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

/** Accesses `storage` one step at a time, so that a slow step cannot undo a later one. */
export function createTokenStore(storage: TokenStorage) {
  let last: Promise<unknown> = Promise.resolve();
  const next = <Result>(step: () => Promise<Result>): Promise<Result> => {
    const result = last.then(step, step);
    last = result;
    return result;
  };
  return {
    load: () => next(async () => storage.load()),
    save: (tokens: Tokens) => next(async () => storage.save(tokens)),

    /** Removes the tokens, and returns them. */
    take: () =>
      next(async () => {
        const tokens = await storage.load();
        await storage.clear();
        return tokens;
      }),

    /** Replaces or removes `used`, unless others have been stored since. Returns whether it did. */
    replace: (used: Tokens, tokens: Tokens | undefined) =>
      next(async () => {
        const stored = await storage.load();
        if (stored?.refreshToken !== used.refreshToken) return false;
        await (tokens === undefined ? storage.clear() : storage.save(tokens));
        return true;
      }),
  };
}

export type TokenStore = ReturnType<typeof createTokenStore>;
