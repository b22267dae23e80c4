import { setImmediate as turn } from 'node:timers/promises';

type Reply = Response | Promise<Response>;
type Handler = (call: { token: string | undefined; body: Record<string, string> }) => Reply;

export const problem = (status: number, code: string) => Response.json({ status, code }, { status });

/**
 * A fake of the API as a `fetch`, with one account and one session: refresh tokens r1, r2, … and access tokens a1, a2, …
 * `handlers` may be replaced, and `calls` shows what arrived.
 */
export function fakeServer({ expiresIn = 900 } = {}) {
  const calls: string[] = [];
  const refusals = new Map<string, string>();
  let issued = 0;
  let isOver = false;

  const server = {
    calls,
    /** Refuses an access token with `code`. */
    refuse: (accessToken: string, code = 'token_expired') => void refusals.set(accessToken, code),
    /** The answer that issues the next tokens. */
    issue(status = 200): Response {
      issued++;
      const pair = { accessToken: `a${issued}`, refreshToken: `r${issued}`, tokenType: 'Bearer', expiresIn };
      return Response.json(pair, { status });
    },
    countOf: (call: string) => calls.filter((made) => made === call).length,
    handlers: {
      'POST /api/auth/register': () => server.issue(201),
      'POST /api/auth/login': () => server.issue(),
      'PATCH /api/auth/update-password': () => server.issue(),
      'POST /api/auth/refresh': ({ body }) => {
        if (isOver) return problem(401, 'invalid_refresh_token');
        return body['refreshToken'] === `r${issued}` ? server.issue() : problem(401, 'refresh_token_reused');
      },
      'POST /api/auth/logout': () => {
        isOver = true;
        return new Response(null, { status: 204 });
      },
      'POST /api/auth/logout-all': () => new Response(null, { status: 204 }),
      'GET /api/notes': ({ token }) => withToken(token, () => Response.json({ items: [], token })),
      'POST /api/notes': ({ token, body }) => withToken(token, () => Response.json(body, { status: 201 })),
    } as Record<string, Handler>,

    fetch: async (request: Request): Promise<Response> => {
      const token = request.headers.get('Authorization')?.slice('Bearer '.length);
      const call = `${request.method} ${new URL(request.url).pathname}`;
      calls.push(call);
      const text = await request.text();
      await turn();
      request.signal.throwIfAborted();
      return server.handlers[call]!({ token, body: text === '' ? {} : JSON.parse(text) });
    },
  };

  function withToken(token: string | undefined, answer: () => Response): Response {
    const code = token === undefined ? 'unauthenticated' : refusals.get(token);
    return code === undefined ? answer() : problem(401, code);
  }
  return server;
}
