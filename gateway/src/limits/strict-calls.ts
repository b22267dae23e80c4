interface Call {
  method: string;
  /** In OpenAPI's notation: `/api/auth/reset-password/{token}`. */
  path: string;
}

/**
 * The calls that could serve to guess secrets, send mails or create accounts in bulk. Each of their routes declares
 * `limit: 'strict'`; `npm run generate` writes this table from the declarations.
 */
export const strictCalls: readonly Call[] = [
  // generated: strict calls
  { method: 'POST', path: '/api/auth/change-email' },
  { method: 'POST', path: '/api/auth/forgot-password' },
  { method: 'POST', path: '/api/auth/login' },
  { method: 'POST', path: '/api/auth/register' },
  { method: 'POST', path: '/api/auth/resend-verification' },
  { method: 'PATCH', path: '/api/auth/reset-password/{token}' },
  { method: 'PATCH', path: '/api/auth/update-password' },
  { method: 'POST', path: '/api/auth/verify-email' },
  // generated: end
];

// As the services match paths: a parameter is one segment, and a trailing slash makes no difference.
const patterns = strictCalls.map(({ method, path }) => ({
  method,
  path,
  regExp: new RegExp(`^${path.replaceAll(/\{\w+\}/g, '[^/]+')}/?$`),
}));

/** The path pattern of the strict call that a request makes; undefined for any other request. */
export const strictCallOf = (method: string, path: string): string | undefined =>
  patterns.find((call) => call.method === method && call.regExp.test(path))?.path;
