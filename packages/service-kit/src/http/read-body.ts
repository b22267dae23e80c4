import type { IncomingMessage } from 'node:http';
import { Problem, problems } from '../problems/problem.ts';
import { tooLarge } from './body-problems.ts';

export const defaultLimitBytes = 2 * 1024 * 1024;

export const hasBody = ({ headers }: IncomingMessage): boolean =>
  headers['transfer-encoding'] !== undefined || contentLength(headers) > 0;

export const contentLength = (headers: IncomingMessage['headers']): number =>
  Number(headers['content-length'] ?? 0);

/** The bytes of a body. Throws `payload_too_large` at once by its Content-Length, or at the first byte too many. */
export async function* bytesUpTo(limitBytes: number, req: IncomingMessage): AsyncGenerator<Buffer> {
  if (contentLength(req.headers) > limitBytes) throw tooLarge(limitBytes);
  let bytes = 0;
  try {
    // Destroying the request would close the connection before the response is sent.
    for await (const chunk of req.iterator({ destroyOnReturn: false })) {
      bytes += (chunk as Buffer).length;
      if (bytes > limitBytes) throw tooLarge(limitBytes);
      yield chunk as Buffer;
    }
  } catch (error) {
    if (error instanceof Problem) throw error;
    throw new Problem(problems.malformedRequest, { detail: 'The body ended early.', cause: error });
  }
}

/** Reads and drops a body that no route reads. */
export async function dropBody(req: IncomingMessage): Promise<void> {
  for await (const _ of bytesUpTo(defaultLimitBytes, req));
}
