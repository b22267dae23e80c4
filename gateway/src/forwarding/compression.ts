import compression from 'compression';
import type { IncomingMessage, ServerResponse } from 'node:http';

type Middleware = (req: IncomingMessage, res: ServerResponse, next: () => void) => void;

/** In bytes. Below it, a compressed response costs more than it saves. */
const threshold = 1_024;

/**
 * Lets a response be compressed in the coding that its client likes best. A response of unknown length is not, because its
 * parts must arrive at once; nor is one with a strong ETag, which would need another ETag in each coding (RFC 9110, section
 * 8.8.3.3).
 */
export const compress: Middleware = compression({
  threshold,
  filter(req, res) {
    const pays = res.hasHeader('Content-Length') && !hasStrongTag(res) && compression.filter(req, res);
    // The length of the response to a GET, which would be compressed, is not known.
    if (pays && req.method === 'HEAD' && Number(res.getHeader('Content-Length')) >= threshold)
      res.removeHeader('Content-Length');
    return pays;
  },
}) as unknown as Middleware;

const hasStrongTag = (res: ServerResponse) => String(res.getHeader('ETag') ?? '').startsWith('"');

/** Compresses the response that follows from `answer` where that pays. */
export function compressWhereItPays(req: IncomingMessage, res: ServerResponse, answer: IncomingMessage) {
  if (req.headers['accept-encoding'] === undefined) return;
  if (Number(answer.headers['content-length'] ?? 0) >= threshold) compress(req, res, () => {});
}
