import {
  openApiDocument,
  Problem,
  problems,
  route,
  type OpenApiDocument,
  type Route,
} from '@polyglot-notes/service-kit';
import axios from 'axios';
import { z } from 'zod';
import type { Context } from '../context.ts';
import { singleFlight } from '../single-flight.ts';
import { info, tags } from './info.ts';
import { mergeDocuments } from './merge.ts';

const timeoutMs = 3_000;

const Document = z
  .looseObject({})
  .meta({ examples: [{ openapi: '3.1.0', info: { title: info.title, version: info.version }, paths: {} }] });

/** The route that answers with one document of the whole API: the services' own and the gateway's `ownRoutes`. */
export function apiDocument({ services, log }: Pick<Context, 'services' | 'log'>, ownRoutes: Route[]): Route {
  const lastRead = new Map<string, OpenApiDocument>();

  /** A service that is away now has most likely not changed its routes since. */
  async function read(url: string): Promise<OpenApiDocument> {
    try {
      const { data } = await axios.get<OpenApiDocument>(`${url}/openapi.json`, {
        proxy: false,
        signal: AbortSignal.timeout(timeoutMs),
      });
      lastRead.set(url, data);
    } catch (cause) {
      const known = lastRead.get(url);
      if (known === undefined) throw new Problem(problems.serviceUnavailable, { cause });
      log.warn({ err: cause }, 'a service did not give its OpenAPI document; the last known one stands in');
    }
    return lastRead.get(url)!;
  }

  const readAll = singleFlight(() => Promise.all(Object.values(services).map(read)));

  const self: Route = route({
    method: 'get',
    path: '/openapi.json',
    tag: 'Gateway',
    summary: 'Read this API as an OpenAPI 3.1 document',
    access: 'public',
    responses: { 200: { description: 'The OpenAPI document', schema: Document } },
    problems: [problems.serviceUnavailable],
    handler: async () => {
      return { status: 200, body: mergeDocuments(own, await readAll()) };
    },
  });
  const own = gatewayDocument([...ownRoutes, self]);
  return self;
}

/** Describes the gateway's own routes, with what applies to the whole API. */
export const gatewayDocument = (routes: readonly Route[]): OpenApiDocument => ({
  ...openApiDocument({ title: info.title, routes, throughGateway: false }),
  info,
  tags,
});
