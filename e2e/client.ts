import { randomBytes } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
import { send } from '@polyglot-notes/service-kit/testing';

type ServiceName = 'gateway' | 'auth-service' | 'user-service' | 'notes-service';

/** Where the system under test listens. */
export const urls = JSON.parse(process.env['E2E_URLS'] ?? '{}') as Record<ServiceName, string>;

export interface Answer {
  status: number;
  headers: IncomingHttpHeaders;
  // What a service sends is for the assertions to judge.
  // oxlint-disable-next-line typescript/no-explicit-any
  body: any;
}

export interface CallOptions {
  token?: string | undefined;
  /** Sent as JSON; a string or a buffer is sent as it is. */
  body?: unknown;
  headers?: Record<string, string>;
  /** Instead of the gateway's. */
  baseUrl?: string;
}

/** Sends one request and reads the JSON of its answer; without JSON the body is undefined. */
export async function call(
  method: string,
  path: string,
  { token, body, headers = {}, baseUrl = urls.gateway }: CallOptions = {},
): Promise<Answer> {
  const payload =
    body === undefined || typeof body === 'string' || Buffer.isBuffer(body) ? body : JSON.stringify(body);
  const all = {
    ...(payload !== undefined && {
      'Content-Type': 'application/json',
      'Content-Length': String(Buffer.byteLength(payload)),
    }),
    ...(token !== undefined && { Authorization: `Bearer ${token}` }),
    ...headers,
  };
  const answer = await send(baseUrl, path, { method, headers: all, body: payload });
  const isJson = /json/.test(answer.headers['content-type'] ?? '');
  return { ...answer, body: isJson ? JSON.parse(answer.body) : undefined };
}

const unique = () => randomBytes(6).toString('hex');

/** What a new person registers with. */
export const newAccount = () => {
  const name = `u-${unique()}`;
  return { email: `${name}@example.com`, password: `correct horse ${unique()}`, username: name };
};

/** Registers a new person; calls made through the result carry their token. */
export async function newUser(baseUrl = urls.gateway) {
  const account = newAccount();
  const { status, body } = await call('POST', '/api/auth/register', { body: account, baseUrl });
  if (status !== 201) throw new Error(`registration answered ${status}: ${JSON.stringify(body)}`);
  const token: string = body.accessToken;
  const id: string = body.user.id;
  return {
    ...account,
    /** What they registered with. */
    account,
    id,
    token,
    call: (method: string, path: string, options: CallOptions = {}) =>
      call(method, path, { token, baseUrl, ...options }),
  };
}

/** Logs in and gives back the access token. */
export async function logIn(
  { email, password }: { email: string; password: string },
  baseUrl = urls.gateway,
): Promise<string> {
  const { status, body } = await call('POST', '/api/auth/login', { body: { email, password }, baseUrl });
  if (status !== 200) throw new Error(`login answered ${status}: ${JSON.stringify(body)}`);
  return body.accessToken;
}
