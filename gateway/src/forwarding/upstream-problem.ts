import { errorCode, Problem, problems } from '@polyglot-notes/service-kit';

/** A service did not say anything for as long as the gateway waits. */
export class UpstreamTimeout extends Error {
  override readonly name = 'UpstreamTimeout';
}

const unreachable = new Set<unknown>([
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'ETIMEDOUT',
]);

const broken = /^(?:ECONNRESET|ECONNABORTED|EPIPE|HPE_\w+)$/;

/** What the client is told of a fault on the way to a service: no connection 503, silence 504, a broken answer 502. */
export function upstreamProblem(error: unknown): unknown {
  if (error instanceof UpstreamTimeout) return new Problem(problems.gatewayTimeout, { cause: error });
  const code = errorCode(error);
  if (unreachable.has(code)) return new Problem(problems.serviceUnavailable, { cause: error });
  if (broken.test(String(code))) return new Problem(problems.badGateway, { cause: error });
  return error;
}
