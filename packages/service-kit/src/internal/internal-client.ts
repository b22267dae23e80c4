import axios, { isAxiosError } from 'axios';
import { z } from 'zod';
import { Problem, problems } from '../problems/problem.ts';
import { currentRequestId, currentSpan } from '../process/request-scope.ts';
import { RotatingAgent } from './rotating-agent.ts';
import { createServiceTokenSource, type PairSecrets } from '../tokens/service-token.ts';

export interface InternalClientOptions {
  baseUrl: string;
  caller: string;
  callee: string;
  secrets: PairSecrets;
  timeoutMs: number;
}

export interface InternalAnswer {
  status: number;
  data: unknown;
}

/** Another service did not answer. The client of this service gets `service_unavailable`. */
export class ServiceUnreachableError extends Problem {
  /** False when the call certainly did not reach the other service. */
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

/** Another service answered with an unexpected status. */
export class ServiceRefusalError extends Error {
  override readonly name = 'ServiceRefusalError';
  /** Whether a repeat of the same call can never succeed. */
  readonly isFinal: boolean;

  constructor(callee: string, status: number, code: unknown) {
    super(`${callee} answered ${status}${typeof code === 'string' ? ` ${code}` : ''}`);
    this.isFinal = final.has(status);
  }
}

const final = new Set([400, 409, 422]);

/** Only the reason: an axios error carries the request with its token and body. */
function reason(error: unknown): string {
  if (!isAxiosError(error)) return String(error);
  return error.response ? `status ${error.response.status}` : (error.code ?? error.message);
}

/** Calls another service. Every call is idempotent, so a call without an answer is repeated once. */
export interface InternalClient {
  /**
   * Resolves with any answer below 500 except 401 and 403, which mean that the secrets of the services differ. Throws a
   * ServiceUnreachableError after two failed attempts.
   */
  request(method: Method, path: string, body?: unknown): Promise<InternalAnswer>;
  /** Resolves with the body of a 200. Throws like `request`, and a ServiceRefusalError for any other answer. */
  call(method: Method, path: string, body?: unknown): Promise<unknown>;
}

type Method = 'GET' | 'PUT' | 'DELETE';

const notServed = new Set([401, 403]);
const Refusal = z.object({ code: z.string() });

/** Creates a client for the internal routes of one service. `timeoutMs` limits each of the two attempts. */
export function createInternalClient(options: InternalClientOptions): InternalClient {
  const { baseUrl, callee, timeoutMs } = options;
  const serviceToken = createServiceTokenSource(options);
  const http = axios.create({
    baseURL: baseUrl,
    timeout: timeoutMs,
    maxRedirects: 0,
    proxy: false,
    httpAgent: new RotatingAgent(),
    validateStatus: (status) => status < 500 && !notServed.has(status),
  });

  async function attempt(method: string, url: string, data: unknown): Promise<InternalAnswer> {
    const span = currentSpan()?.child(`${method} ${callee}`);
    const headers = {
      authorization: `Bearer ${serviceToken()}`,
      'x-request-id': currentRequestId(),
      traceparent: span?.traceparent,
    };
    // The timeout of axios does not cover the connection; the signal does.
    const signal = AbortSignal.timeout(timeoutMs);
    try {
      const answer = await http.request<unknown>({ method, url, data, headers, signal });
      span?.end();
      return { status: answer.status, data: answer.data };
    } catch (error) {
      span?.end({ error });
      throw error;
    }
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
