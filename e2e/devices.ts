import { login, type Account, type Client } from '@polyglot-notes/service-kit/testing';

export type Device = Awaited<ReturnType<typeof newDevice>>;

/** The tokens of one session, as a client keeps them. */
export interface Tokens {
  accessToken: string;
  refreshToken: string;
}

/** The claims of an access token, unverified. */
export const claimsOf = (accessToken: string): Record<string, unknown> =>
  JSON.parse(Buffer.from(accessToken.split('.')[1] ?? '', 'base64url').toString());

/** Logs in on another device of a user: another session. Throws when the login fails. */
export async function newDevice(client: Client, credentials: Pick<Account, 'email' | 'password'>) {
  const { status, body } = await login(client, credentials);
  if (status !== 200) throw new Error(`login answered ${status}: ${JSON.stringify(body)}`);
  const { accessToken, refreshToken } = body as Tokens;
  return {
    token: accessToken,
    refreshToken,
    sessionId: String(claimsOf(accessToken)['sid']),
    call: client.as(accessToken).call,
  };
}

export const refresh = (client: Client, refreshToken: string) =>
  client.call('POST', '/api/auth/refresh', { body: { refreshToken } });

/** The ids of the sessions that an access token lists. Throws when it is refused. */
export async function sessionIds(client: Client, token: string): Promise<string[]> {
  const { status, body } = await client.call('GET', '/api/auth/sessions?limit=100', { token });
  if (status !== 200) throw new Error(`the list of sessions answered ${status}: ${JSON.stringify(body)}`);
  return body.items.map(({ id }: { id: string }) => id);
}

const oneCallOfEach = {
  auth: '/api/auth/sessions',
  user: '/api/users/me',
  notes: '/api/notes',
};

/** What each service answers to an access token: a code, or the status when there is none. */
export async function outcomes(client: Client, token: string): Promise<Record<string, unknown>> {
  const answers = Object.entries(oneCallOfEach).map(async ([service, path]) => {
    const { status, body } = await client.call('GET', path, { token });
    return [service, body.code ?? status] as const;
  });
  return Object.fromEntries(await Promise.all(answers));
}

export const accepted = { auth: 200, user: 200, notes: 200 };
export const revoked = { auth: 'token_revoked', user: 'token_revoked', notes: 'token_revoked' };
