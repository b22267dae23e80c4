import createFetchClient, { type Client, type ClientOptions } from 'openapi-fetch';
import type { paths } from './generated/api.ts';

export type ApiClient = Client<paths>;

type Token = string | undefined;

interface Options extends ClientOptions {
  /** The access token, or a function that returns the current one. Without it, requests are anonymous. */
  token?: Token | (() => Token | Promise<Token>);
}

/** Creates a client whose types are those of the OpenAPI document. */
export function createClient({ token, ...options }: Options = {}): ApiClient {
  const client: ApiClient = createFetchClient(options);
  client.use({
    async onRequest({ request }) {
      const current = typeof token === 'function' ? await token() : token;
      if (current === undefined || request.headers.has('Authorization')) return;
      request.headers.set('Authorization', `Bearer ${current}`);
    },
  });
  return client;
}
