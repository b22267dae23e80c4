import { errorCode, Problem, problems } from '@polyglot-notes/service-kit';

export class UpstreamTimeout extends Error {
  override readonly name = 'UpstreamTimeout';
}

export class ConnectTimeout extends Error {
  override readonly name = 'ConnectTimeout';
  readonly code = 'ETIMEDOUT';
}

const unreachable = new Set<unknown>([
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EAI_FAIL',
  'EHOSTUNREACH',
  'EHOSTDOWN',
  'ENETUNREACH',
  'ENETDOWN',
  'ETIMEDOUT',
]);

const broken = /^(?:ECONNRESET|ECONNABORTED|EPIPE|HPE_\w+)$/;

export const isUnavailable = (error: unknown): boolean =>
  error instanceof UpstreamTimeout || unreachable.has(errorCode(error));

/** The problem for the client: 503 without a connection, 504 for silence, 502 for a broken response. */
export function upstreamProblem(error: unknown): unknown {
  if (error instanceof UpstreamTimeout) return new Problem(problems.gatewayTimeout, { cause: error });
  const code = errorCode(error);
  if (unreachable.has(code)) return new Problem(problems.serviceUnavailable, { cause: error });
  if (broken.test(String(code))) return new Problem(problems.badGateway, { cause: error });
  return error;
}
