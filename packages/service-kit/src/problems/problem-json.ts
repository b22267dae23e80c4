import type { ErrorRequestHandler, Response } from 'express';
import type { Logger } from 'pino';
import { breakOff } from './break-off.ts';
import { Problem, problems } from './problem.ts';

/** The members of a problem (RFC 9457). */
export function problemMembers({ type, detail, errors, extensions }: Problem, requestId: string | undefined) {
  const { title, status, code } = type;
  return { type: 'about:blank', title, status, code, detail, errors, ...extensions, requestId };
}

/** The body of a problem as `application/problem+json` (RFC 9457). */
export const problemBody = (problem: Problem, requestId: string | undefined): string =>
  JSON.stringify(problemMembers(problem, requestId));

function sendProblem(res: Response, problem: Problem): void {
  res
    .status(problem.type.status)
    .set(problem.headers)
    .type('application/problem+json')
    .send(problemBody(problem, res.get('X-Request-Id')));
}

/** Sends a Problem as it is, an error that `isUnavailable` as a 503, and any other error as a 500 without details. */
export function problemJson(log: Logger, isUnavailable = (_error: unknown) => false): ErrorRequestHandler {
  return (error: unknown, _req, res, _next) => {
    const problem = isUnavailable(error)
      ? new Problem(problems.serviceUnavailable, { cause: error })
      : asProblem(error);
    if (problem.type.status >= 500) {
      const level = problem.type === problems.internalError ? 'error' : 'warn';
      log[level]({ err: problem.cause ?? problem }, problem.message);
    }
    // A part of the response has been sent: only a broken connection can still signal the error.
    if (res.headersSent) breakOff(res);
    else sendProblem(res, problem);
  };
}

function asProblem(error: unknown): Problem {
  if (error instanceof Problem) return error;
  // Express throws this for a path with invalid percent-encoding.
  if (error instanceof URIError) return new Problem(problems.notFound, { cause: error });
  return new Problem(problems.internalError, { cause: error });
}
