import type { ServerResponse } from 'node:http';
import type { ErrorRequestHandler } from 'express';
import type { Logger } from 'pino';
import { breakOff } from './break-off.ts';
import { Problem, problems } from './problem.ts';

interface ProblemContext {
  requestId: string | undefined;
  publicUrl: string | undefined;
}

/** The members of a problem (RFC 9457). Its `type` links to the page of problems below `publicUrl`, if that is known. */
export function problemMembers(
  { type, detail, errors, extensions }: Problem,
  { requestId, publicUrl }: ProblemContext,
) {
  const { title, status, code } = type;
  const link = publicUrl === undefined ? 'about:blank' : `${publicUrl}/problems#${code}`;
  return { type: link, title, status, code, detail, errors, ...extensions, requestId };
}

/** The body of a problem as `application/problem+json` (RFC 9457). */
export const problemBody = (problem: Problem, context: ProblemContext): string =>
  JSON.stringify(problemMembers(problem, context));

function sendProblem(res: ServerResponse, problem: Problem, context: ProblemContext): void {
  const body = problemBody(problem, context);
  res.statusCode = problem.type.status;
  for (const [name, value] of Object.entries(problem.headers)) res.setHeader(name, value);
  res.setHeader('Content-Type', 'application/problem+json; charset=utf-8');
  res.setHeader('Content-Length', Buffer.byteLength(body));
  res.end(body);
}

interface ErrorOptions {
  /** The URL of the gateway, for the links of problems. */
  publicUrl?: string | undefined;
  isUnavailable?: (error: unknown) => boolean;
}

/**
 * Creates a function that sends a Problem as it is, an error that `isUnavailable` as a 503, and any other error as a 500
 * without details.
 */
export function createSendError(log: Logger, { publicUrl, isUnavailable = () => false }: ErrorOptions = {}) {
  return (error: unknown, res: ServerResponse, requestId: string | undefined): void => {
    const problem = isUnavailable(error)
      ? new Problem(problems.serviceUnavailable, { cause: error })
      : asProblem(error);
    if (problem.type.status >= 500) {
      const level = problem.type === problems.internalError ? 'error' : 'warn';
      log[level]({ requestId, err: problem.cause ?? problem }, problem.message);
    }
    // A part of the response has been sent: only a broken connection can still signal the error.
    if (res.headersSent) breakOff(res);
    else sendProblem(res, problem, { requestId, publicUrl });
  };
}

/** Sends the problem for an error of an Express application. */
export function problemJson(log: Logger, options?: ErrorOptions): ErrorRequestHandler {
  const sendError = createSendError(log, options);
  return (error: unknown, _req, res, _next) => {
    const requestId = res.getHeader('X-Request-Id');
    sendError(error, res, requestId === undefined ? undefined : String(requestId));
  };
}

function asProblem(error: unknown): Problem {
  if (error instanceof Problem) return error;
  // Express gives a status to its error for a path with invalid percent-encoding.
  if (error instanceof URIError && 'status' in error) return new Problem(problems.notFound, { cause: error });
  return new Problem(problems.internalError, { cause: error });
}
