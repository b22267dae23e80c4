import { Agent } from 'node:http';
import axios, { isAxiosError } from 'axios';
import { Problem, problems } from './problem.ts';
import { currentRequestId } from './request-scope.ts';
import { createServiceTokenSource } from './service-token.ts';

interface InternalClientOptions {
  baseUrl: string;
  caller: string;
  callee: string;
  secret: string;
  timeoutMs: number;
}

export interface InternalAnswer {
  status: number;
  data: unknown;
}

/** Calls another service; every call is idempotent by design, so one that fails is tried a second time. */
export interface InternalClient {
  /** Resolves with any answer below 500. Throws a `service_unavailable` problem when there is none after two tries. */
  request(method: 'PUT' | 'DELETE', path: string, body?: unknown): Promise<InternalAnswer>;
}

/** A client for the `/internal` routes of one other service; `timeoutMs` holds for each of the two tries. */
export function createInternalClient(options: InternalClientOptions): InternalClient {
  const { baseUrl, callee, timeoutMs } = options;
  const serviceToken = createServiceTokenSource(options);
  const http = axios.create({
    baseURL: baseUrl,
    timeout: timeoutMs,
    maxRedirects: 0,
    proxy: false,
    httpAgent: new Agent({ keepAlive: true }),
    validateStatus: (status) => status < 500,
  });

  async function attempt(method: string, url: string, data: unknown): Promise<InternalAnswer> {
    const headers = { authorization: `Bearer ${serviceToken()}`, 'x-request-id': currentRequestId() };
    // The signal bounds the connection as well, which the timeout of axios does not.
    const signal = AbortSignal.timeout(timeoutMs);
    const answer = await http.request<unknown>({ method, url, data, headers, signal });
    return { status: answer.status, data: answer.data };
  }

  return {
    async request(method, path, body) {
      try {
        return await attempt(method, path, body).catch(() => attempt(method, path, body));
      } catch (error) {
        throw new Problem(problems.serviceUnavailable, { cause: unanswered(callee, error) });
      }
    },
  };
}

/** An axios error carries the request with its token and body: keep what the log may see. */
function unanswered(callee: string, error: unknown): Error {
  const reason = isAxiosError(error) ? (error.code ?? error.message) : String(error);
  return new Error(`${callee} did not answer: ${reason}`);
}
