import type { ErrorRequestHandler, Response } from 'express';
import type { Logger } from 'pino';
import { Problem, problems } from './problem.ts';

/** The body of a refusal as `application/problem+json` (RFC 9457). */
export function problemBody(
  { type, detail, errors, extensions }: Problem,
  requestId: string | undefined,
): string {
  const { title, status, code } = type;
  return JSON.stringify({
    type: 'about:blank',
    title,
    status,
    code,
    detail,
    errors,
    ...extensions,
    requestId,
  });
}

function sendProblem(res: Response, problem: Problem): void {
  res
    .status(problem.type.status)
    .set(problem.headers)
    .type('application/problem+json')
    .send(problemBody(problem, res.get('X-Request-Id')));
}

/**
 * The one error middleware: refusals are sent as they are, an error that `isUnavailable` knows becomes a 503, and anything
 * else a bare 500.
 */
export function problemJson(log: Logger, isUnavailable = (_error: unknown) => false): ErrorRequestHandler {
  return (error: unknown, _req, res, _next) => {
    const problem = isUnavailable(error)
      ? new Problem(problems.serviceUnavailable, { cause: error })
      : asProblem(error);
    if (problem.type.status >= 500) {
      const level = problem.type === problems.internalError ? 'error' : 'warn';
      log[level]({ err: problem.cause ?? problem }, problem.message);
    }
    // Half an answer is on its way: breaking it off is the only honest signal left.
    if (res.headersSent) res.destroy();
    else sendProblem(res, problem);
  };
}

function asProblem(error: unknown): Problem {
  if (error instanceof Problem) return error;
  // A path with a broken percent-encoding names nothing; it is the one thing that Express refuses by itself.
  if (error instanceof URIError) return new Problem(problems.notFound, { cause: error });
  return new Problem(problems.internalError, { cause: error });
}
