import type { Send } from './send.ts';
import { tokensOf, type Issued, type TokenStore } from './token-store.ts';

const passwordChange = '/api/auth/update-password';
const issuing = ['/api/auth/register', '/api/auth/login', passwordChange];
const ending = ['/api/auth/logout', '/api/auth/logout-all'];

/** Sends requests, and keeps the tokens that answers issue or end. `passwordChanges` resolves when none is under way. */
export function createKeepTokens(store: TokenStore, send: Send) {
  let changes: Promise<unknown> = Promise.resolve();

  const keep: Send = async (request, init) => {
    const response = await send(request, init);
    if (!response.ok) return response;
    const isOneOf = (paths: string[]) => paths.some((path) => isCallOf(path, request));
    if (isOneOf(issuing)) {
      const issued = (await response.clone().json()) as Issued | object;
      // A registration issues no tokens while the email must be confirmed first.
      if ('accessToken' in issued) await store.save(tokensOf(issued));
    }
    if (isOneOf(ending)) await store.take();
    return response;
  };

  const keepTokens: Send = (request, init) => {
    const kept = keep(request, init);
    if (isCallOf(passwordChange, request)) changes = Promise.allSettled([changes, kept]);
    return kept;
  };
  return { keepTokens, passwordChanges: () => changes };
}

const isCallOf = (path: string, { url }: Request) => new URL(url).pathname.endsWith(path);
