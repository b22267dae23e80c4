import type { Agent, IncomingHttpHeaders } from 'node:http';
import type { Route } from '../src/index.ts';
import { checkDeclared } from './declared-responses.ts';
import { send } from './raw-request.ts';

/** A response with its JSON body; the body is undefined when there is no JSON. */
export interface Answer {
  status: number;
  headers: IncomingHttpHeaders;
  // The assertions of a test judge what a service sends.
  // oxlint-disable-next-line typescript/no-explicit-any
  body: any;
}

export interface CallOptions {
  /** An access token, sent as a bearer token; undefined sends none, even when the client has one. */
  token?: string | undefined;
  /** Sent as JSON; a string or a buffer is sent unchanged. */
  body?: unknown;
  headers?: Record<string, string>;
}

export interface ClientOptions {
  /** The access token of every call that names no other. */
  token?: string | undefined;
  /** A call without an answer fails after this time. Default: no limit. */
  timeoutMs?: number;
  /** Keeps connections open between calls. Default: a new connection for each call. */
  agent?: Agent;
  /** A call fails when its answer is not what its route declares. */
  routes?: readonly Route[];
}

export interface Client {
  baseUrl: string;
  call(this: void, method: string, path: string, options?: CallOptions): Promise<Answer>;
  /** The same client with this access token in every call. */
  as(this: void, token: string): Client;
}

/**
 * The HTTP client of the tests: sends each call to `baseUrl` with the path exactly as given and returns any answer,
 * whatever its status. Rejects when there is no answer.
 */
export function createClient(baseUrl: string, options: ClientOptions = {}): Client {
  async function call(method: string, path: string, given: CallOptions = {}): Promise<Answer> {
    const { token, body, headers = {} } = { token: options.token, ...given };
    const payload =
      body === undefined || typeof body === 'string' || Buffer.isBuffer(body) ? body : JSON.stringify(body);
    const answer = await send(baseUrl, path, {
      method,
      headers: {
        ...(payload !== undefined && {
          'Content-Type': 'application/json',
          'Content-Length': String(Buffer.byteLength(payload)),
        }),
        ...(token !== undefined && { Authorization: `Bearer ${token}` }),
        ...headers,
      },
      body: payload,
      ...(options.timeoutMs !== undefined && { timeoutMs: options.timeoutMs }),
      ...(options.agent && { agent: options.agent }),
    });
    const isJson = /[/+]json/.test(answer.headers['content-type'] ?? '');
    const parsed = { ...answer, body: isJson ? JSON.parse(answer.body) : undefined };
    checkDeclared(options.routes ?? [], { method, path }, parsed);
    return parsed;
  }

  return {
    baseUrl,
    call,
    as: (token) => createClient(baseUrl, { ...options, token }),
  };
}
