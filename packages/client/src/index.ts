import createFetchClient, { type Client, type ClientOptions } from 'openapi-fetch';
import type { components, paths } from './generated/api.ts';

export type { paths } from './generated/api.ts';

/** What is sent and answered, by name: `Schemas['Note']`. */
export type Schemas = components['schemas'];

export type ApiClient = Client<paths>;

type Token = string | undefined;

interface Options extends ClientOptions {
  /** The access token, or what gives the one that counts now; without one, a call goes out as nobody's. */
  token?: Token | (() => Token | Promise<Token>);
}

/** A client whose methods, paths, parameters, bodies, answers and refusals are those of the API's own description. */
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
