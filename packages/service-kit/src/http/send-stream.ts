import { once } from 'node:events';
import type { Response } from 'express';
import type { Chunks } from './route.ts';

/** Sends `chunks` as the body. The headers go out with the first one, so that an earlier error is still a problem. */
export async function sendStream(
  res: Response,
  { status, headers }: { status: number; headers: Record<string, string> },
  chunks: Chunks,
): Promise<void> {
  const closed = new AbortController();
  res.once('close', () => closed.abort());
  const begin = () => {
    if (!res.headersSent) res.writeHead(status, headers);
  };
  try {
    // A Readable would read ahead, and end its source only after that.
    for await (const chunk of chunks) {
      begin();
      if (res.req.method === 'HEAD') break;
      if (!res.write(chunk)) await once(res, 'drain', { signal: closed.signal });
    }
    begin();
    res.end();
  } catch (error) {
    if (!res.destroyed) throw error;
  }
}
