import { linesOf } from './lines.ts';

/** The variables beside the one for an access token: for `otherToken` they are `otherRefreshToken` and `otherRefreshAt`. */
function sessionVariables(token: string): { refreshToken: string; refreshAt: string } {
  const owner = token.replace(/token$/i, '');
  return owner === ''
    ? { refreshToken: 'refreshToken', refreshAt: 'refreshAt' }
    : { refreshToken: `${owner}RefreshToken`, refreshAt: `${owner}RefreshAt` };
}

/** The lines that save both tokens of a response, and when the access token is to be replaced. */
export function saveTokensLines(token: string): string[] {
  const { refreshToken, refreshAt } = sessionVariables(token);
  return [
    `pm.collectionVariables.set('${token}', body.accessToken);`,
    `pm.collectionVariables.set('${refreshToken}', body.refreshToken);`,
    // After nine tenths of its lifetime.
    `pm.collectionVariables.set('${refreshAt}', Date.now() + body.expiresIn * 900);`,
  ];
}

/** Runs before every request: gets new tokens when the access token of the request is missing or about to expire. */
export function refreshLines(tokens: readonly string[]): string[] {
  const sessions = Object.fromEntries(tokens.map((token) => [token, sessionVariables(token)]));
  return linesOf(`
    // The access tokens, and where their refresh tokens are.
    const sessions = ${JSON.stringify(sessions)};
    const { auth } = pm.request;
    const [, token] = auth?.type === 'noauth' ? [] : /\\{\\{(\\w+)\\}\\}/.exec(auth?.parameters().get('token') ?? '{{token}}') ?? [];
    const { refreshToken, refreshAt } = sessions[token] ?? {};
    const isDue = !pm.collectionVariables.get(token) || Date.now() >= Number(pm.collectionVariables.get(refreshAt));
    if (refreshToken && isDue && pm.collectionVariables.get(refreshToken)) {
      const request = {
        url: pm.variables.replaceIn('{{baseUrl}}/api/auth/refresh'),
        method: 'POST',
        header: { 'Content-Type': 'application/json' },
        body: { mode: 'raw', raw: JSON.stringify({ refreshToken: pm.collectionVariables.get(refreshToken) }) },
      };
      pm.sendRequest(request, (error, response) => {
        if (!error && response.code === 200) {
          const body = response.json();
          pm.collectionVariables.set(token, body.accessToken);
          pm.collectionVariables.set(refreshToken, body.refreshToken);
          pm.collectionVariables.set(refreshAt, Date.now() + body.expiresIn * 900);
        }
        // The session is over: log in again.
        if (!error && response.code === 401) pm.collectionVariables.set(refreshToken, '');
      });
    }
  `);
}
