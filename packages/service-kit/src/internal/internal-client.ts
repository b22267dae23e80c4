import axios, { isAxiosError } from 'axios';
import { z } from 'zod';
import { Problem, problems } from '../problems/problem.ts';
import { currentRequestId } from '../process/request-scope.ts';
import { RotatingAgent } from './rotating-agent.ts';
import { createServiceTokenSource } from '../tokens/service-token.ts';

export interface InternalClientOptions {
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

/** No answer from another service: to the client a `service_unavailable`. */
export class ServiceUnreachableError extends Problem {
  /** False when it is certain that the call did not reach the other service. */
  readonly mayHaveArrived: boolean;

  constructor(callee: string, failures: unknown[]) {
    const reasons = failures.map(reason);
    super(problems.serviceUnavailable, {
      cause: new Error(`${callee} did not answer: ${reasons.join(', ')}`),
    });
    this.mayHaveArrived = !reasons.every((code) => neverSent.has(code));
  }
}

const neverSent = new Set(['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'EHOSTUNREACH', 'ENETUNREACH']);

/** An answer of another service that its caller has no use for. */
export class ServiceRefusalError extends Error {
  override readonly name = 'ServiceRefusalError';
  /** Whether the same call can never succeed, so that to repeat it is of no use. */
  readonly isFinal: boolean;

  constructor(callee: string, status: number, code: unknown) {
    super(`${callee} answered ${status}${typeof code === 'string' ? ` ${code}` : ''}`);
    this.isFinal = final.has(status);
  }
}

const final = new Set([400, 409, 422]);

/** An axios error carries the request with its token and body: the log may see only why it failed. */
function reason(error: unknown): string {
  if (!isAxiosError(error)) return String(error);
  return error.response ? `status ${error.response.status}` : (error.code ?? error.message);
}

/** Calls another service. Every call is idempotent by design, so one that gets no answer is tried a second time. */
export interface InternalClient {
  /**
   * Resolves with any answer below 500, but for 401 and 403: then the two services do not agree on who the caller is, and
   * nothing was looked at. Throws ServiceUnreachableError when two tries got none.
   */
  request(method: Method, path: string, body?: unknown): Promise<InternalAnswer>;
  /** Resolves with the body of a 200. Throws as `request` does, and a ServiceRefusalError for any other answer. */
  call(method: Method, path: string, body?: unknown): Promise<unknown>;
}

type Method = 'GET' | 'PUT' | 'DELETE';

const notServed = new Set([401, 403]);
const Refusal = z.object({ code: z.string() });

/** A client for the `/internal` routes of one other service; `timeoutMs` holds for each of the two tries. */
export function createInternalClient(options: InternalClientOptions): InternalClient {
  const { baseUrl, callee, timeoutMs } = options;
  const serviceToken = createServiceTokenSource(options);
  const http = axios.create({
    baseURL: baseUrl,
    timeout: timeoutMs,
    maxRedirects: 0,
    proxy: false,
    // An idle connection ends before the service ends it.
    httpAgent: new RotatingAgent({ timeout: 60_000 }),
    validateStatus: (status) => status < 500 && !notServed.has(status),
  });

  async function attempt(method: string, url: string, data: unknown): Promise<InternalAnswer> {
    const headers = { authorization: `Bearer ${serviceToken()}`, 'x-request-id': currentRequestId() };
    // The signal bounds the connection as well, which the timeout of axios does not.
    const signal = AbortSignal.timeout(timeoutMs);
    const answer = await http.request<unknown>({ method, url, data, headers, signal });
    return { status: answer.status, data: answer.data };
  }

  async function request(method: Method, path: string, body?: unknown): Promise<InternalAnswer> {
    const failures: unknown[] = [];
    while (failures.length < 2) {
      try {
        return await attempt(method, path, body);
      } catch (error) {
        failures.push(error);
      }
    }
    throw new ServiceUnreachableError(callee, failures);
  }

  return {
    request,
    async call(method, path, body) {
      const { status, data } = await request(method, path, body);
      if (status === 200) return data;
      throw new ServiceRefusalError(callee, status, Refusal.safeParse(data).data?.code);
    },
  };
}
