import type { NamedLimit } from '@polyglot-notes/service-kit';
import { callFinder } from '../declared-calls.ts';

export interface LimitedCall {
  method: string;
  /** In OpenAPI's notation: `/api/auth/reset-password/{token}`. */
  path: string;
  limit: NamedLimit;
}

/** The calls whose routes declare a limit; `npm run generate` writes this table from the declarations. */
export const limitedCalls: readonly LimitedCall[] = [
  // generated: limited calls
  { method: 'POST', path: '/api/auth/change-email', limit: 'strict' },
  { method: 'POST', path: '/api/auth/forgot-password', limit: 'strict' },
  { method: 'POST', path: '/api/auth/login', limit: 'strict' },
  { method: 'POST', path: '/api/auth/refresh', limit: 'refresh' },
  { method: 'POST', path: '/api/auth/register', limit: 'strict' },
  { method: 'POST', path: '/api/auth/resend-verification', limit: 'strict' },
  { method: 'PATCH', path: '/api/auth/reset-password/{token}', limit: 'strict' },
  { method: 'PATCH', path: '/api/auth/update-password', limit: 'strict' },
  { method: 'POST', path: '/api/auth/verify-email', limit: 'strict' },
  // generated: end
];

/** The declared call with a limit of its own that a request makes; undefined for any other request. */
export const limitedCallOf = callFinder(limitedCalls);
