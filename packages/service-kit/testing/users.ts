import { buildAccount, type Account } from './factories.ts';
import type { CallOptions, Client } from './http-client.ts';

export type User = Awaited<ReturnType<typeof newUser>>;

/** Registers a user; calls through the result carry their access token. Throws when the registration fails. */
export async function newUser(client: Client, overrides: Partial<Account> = {}) {
  const account = buildAccount(overrides);
  const { status, body } = await client.call('POST', '/api/auth/register', { body: account });
  if (status !== 201) throw new Error(`registration answered ${status}: ${JSON.stringify(body)}`);
  const token: string = body.accessToken;
  const id: string = body.user.id;
  const refreshToken: string = body.refreshToken;
  return {
    ...account,
    /** The body of the registration. */
    account,
    id,
    token,
    refreshToken,
    call: (method: string, path: string, options: CallOptions = {}) =>
      client.call(method, path, { token, ...options }),
  };
}

/** The answer to a login; other fields of the user are not sent. */
export const login = (client: Client, { email, password }: Pick<Account, 'email' | 'password'>) =>
  client.call('POST', '/api/auth/login', { body: { email, password } });

/** Logs in and returns the access token. Throws when the login fails. */
export async function logIn(
  client: Client,
  credentials: Pick<Account, 'email' | 'password'>,
): Promise<string> {
  const { status, body } = await login(client, credentials);
  if (status !== 200) throw new Error(`login answered ${status}: ${JSON.stringify(body)}`);
  return body.accessToken;
}
