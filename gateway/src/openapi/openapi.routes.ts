import {
  JsonText,
  openApiDocument,
  Problem,
  problems,
  route,
  type Logger,
  type OpenApiDocument,
  type Route,
  singleFlight,
} from '@polyglot-notes/service-kit';
import axios from 'axios';
import { z } from 'zod';
import { services, type ServiceUrls } from '../services.ts';
import { info, tags } from './info.ts';
import { mergeDocuments } from './merge.ts';

const timeoutMs = 3_000;

interface Dependencies {
  serviceUrls: ServiceUrls;
  log: Logger;
}

const Document = z
  .looseObject({})
  .meta({ examples: [{ openapi: '3.1.0', info: { title: info.title, version: info.version }, paths: {} }] });

/** The route that merges the documents of all services and of the gateway's `ownRoutes` into one. */
export function apiDocumentRoute({ serviceUrls, log }: Dependencies, ownRoutes: Route[]): Route {
  const lastRead = new Map<string, { document: OpenApiDocument; etag: string | undefined }>();
  let merged: { parts: OpenApiDocument[]; text: JsonText } | undefined;

  /** Falls back to the last document of a service that is unavailable: its routes have most likely not changed. */
  async function read(url: string): Promise<OpenApiDocument> {
    const known = lastRead.get(url);
    try {
      const { status, data, headers } = await axios.get<OpenApiDocument>(`${url}/openapi.json`, {
        proxy: false,
        signal: AbortSignal.timeout(timeoutMs),
        headers: { 'If-None-Match': known?.etag },
        validateStatus: (code) => code === 200 || (code === 304 && known !== undefined),
      });
      if (status === 304) return known!.document;
      lastRead.set(url, { document: data, etag: headers['etag']?.toString() });
      return data;
    } catch (cause) {
      if (known === undefined) throw new Problem(problems.serviceUnavailable, { cause });
      log.warn({ err: cause, url }, 'OpenAPI document of a service unavailable: serving the last known one');
      return known.document;
    }
  }

  /** Serializes the merged document once per change. */
  function merge(parts: OpenApiDocument[]): JsonText {
    if (merged?.parts.every((part, index) => part === parts[index]) !== true) {
      merged = { parts, text: new JsonText(mergeDocuments(own, parts)) };
    }
    return merged.text;
  }

  const readAll = singleFlight(() => Promise.all(services.map(({ name }) => read(serviceUrls[name]))));

  const headers = { ETag: 'The version of the document.' };
  const self: Route = route({
    method: 'get',
    path: '/openapi.json',
    tag: 'Gateway',
    summary: 'Get the OpenAPI 3.1 document of this API',
    access: 'public',
    requestHeaders: { 'If-None-Match': 'The ETag of your copy. The answer is 304 if it is current.' },
    responses: {
      200: {
        description: 'The OpenAPI document',
        schema: Document,
        headers,
      },
      304: { description: 'Your copy is current', headers },
    },
    problems: [problems.rateLimited, problems.serviceUnavailable],
    handler: async () => ({
      status: 200,
      headers: { 'Cache-Control': 'no-cache' },
      body: merge(await readAll()),
    }),
  });
  const own = gatewayDocument([...ownRoutes, self]);
  return self;
}

/** Describes the gateway's own routes and the API as a whole. */
export const gatewayDocument = (routes: readonly Route[]): OpenApiDocument => ({
  ...openApiDocument({ title: info.title, routes, throughGateway: false }),
  info,
  tags,
});
