import { request, type Agent, type IncomingHttpHeaders, type OutgoingHttpHeaders } from 'node:http';

/** An HTTP response, unparsed. */
export interface RawAnswer {
  status: number;
  headers: IncomingHttpHeaders;
  body: string;
}

export interface RawRequest {
  method?: string;
  headers?: OutgoingHttpHeaders;
  body?: string | Buffer | undefined;
  /** The request fails when it is not answered within this time. */
  timeoutMs?: number;
  /** Default: a connection of its own. A URL with https needs an agent of node:https. */
  agent?: Agent;
}

/** Sends a request with its path exactly as given; clients with a URL parser would normalize it. */
export function send(
  baseUrl: string,
  path: string,
  { method = 'GET', headers = {}, body, timeoutMs, agent }: RawRequest = {},
): Promise<RawAnswer> {
  const { protocol, hostname, port } = new URL(baseUrl);
  const options = { protocol, hostname, port, path, method, headers, agent: agent ?? false };
  return new Promise((resolve, reject) => {
    const req = request(options, (res) => {
      const chunks: Buffer[] = [];
      res.on('data', (chunk: Buffer) => chunks.push(chunk));
      res.on('error', reject);
      res.on('end', () =>
        resolve({
          status: res.statusCode ?? 0,
          headers: res.headers,
          body: Buffer.concat(chunks).toString(),
        }),
      );
    });
    if (timeoutMs !== undefined) {
      const late = new Error(`${method} ${path} was not answered within ${timeoutMs} ms`);
      const timer = setTimeout(() => req.destroy(late), timeoutMs);
      req.on('close', () => clearTimeout(timer));
    }
    req.on('error', reject);
    req.end(body);
  });
}
