import { errorCode, Problem, problems } from '@polyglot-notes/service-kit';

/** A service did not say anything for as long as the gateway waits. */
export class UpstreamTimeout extends Error {
  override readonly name = 'UpstreamTimeout';
}

/** No connection came about for as long as the gateway waits; the code is the one that the system has for it. */
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

/** Whether a fault may mean that the service is away: no connection, or silence. */
export const isAway = (error: unknown): boolean =>
  error instanceof UpstreamTimeout || unreachable.has(errorCode(error));

/** What the client is told of a fault on the way to a service: no connection 503, silence 504, a broken answer 502. */
export function upstreamProblem(error: unknown): unknown {
  if (error instanceof UpstreamTimeout) return new Problem(problems.gatewayTimeout, { cause: error });
  const code = errorCode(error);
  if (unreachable.has(code)) return new Problem(problems.serviceUnavailable, { cause: error });
  if (broken.test(String(code))) return new Problem(problems.badGateway, { cause: error });
  return error;
}
