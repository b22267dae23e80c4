import type { Response } from 'express';

const everyMs = 15_000;

/**
 * Returns a function that tells the caller that the request is still processed: it sends 102 (Processing) (RFC 2518,
 * section 10.1) if `intervalMs` have passed since the request or the last one, and never after the response has begun.
 */
export function signOfLife(res: Response, intervalMs = everyMs): () => void {
  let last = performance.now();
  return () => {
    if (performance.now() - last < intervalMs || res.headersSent || res.destroyed) return;
    last = performance.now();
    // HTTP/1.0 has no interim responses.
    if (res.req.httpVersionMinor > 0) res.writeProcessing();
  };
}
