import { AsyncResource } from 'node:async_hooks';
import type { Request, Response } from 'express';
import { atEndOfTurn } from '../process/end-of-turn.ts';
import { Problem, problems } from '../problems/problem.ts';
import { clientDetails, type ClientDetails } from './client-details.ts';
import { JsonText, sendJsonText } from './json-text.ts';
import { refuseAmbiguousParameters } from './repeated-parameters.ts';
import { requestHeaderSchema } from './request-headers.ts';
import { responseFilter } from './response-filter.ts';
import { isBodyStream, type Route, type Step } from './route.ts';
import { sendStream } from './send-stream.ts';
import { signOfLife } from './sign-of-life.ts';
import { parsePart } from './validation.ts';

/** Parses the request, calls the handler, and sends its reply. */
export function answer(route: Route, draining: AbortSignal): Step {
  const filters = responseFilters(route);
  const headers = requestHeaderSchema(route);
  const readQuery = queryReader(route);
  return async (req, res) => {
    // The order of refusals: an invalid request (400) comes before a resource that does not exist (404).
    if (headers) parsePart('header', headers, req.headers);
    const query = readQuery(req);
    const body: unknown = parseBody(route, req);
    const input = new HandlerInput(req, res, { query, body, params: parseParams(route, req) }, draining);
    const replied = route.handler(input);
    const reply = await replied.catch((error: unknown) => {
      if (!input.isDisconnected() || !isAbort(error)) throw error;
    });
    if (reply === undefined) return;
    await send(route, filters, reply, res);
    if (reply.afterwards) whenClosed(res, AsyncResource.bind(reply.afterwards));
  };
}

type Parts = Record<'params' | 'query' | 'body', unknown>;

/**
 * The input of a handler. A class, because an object literal with getters has a hidden class of its own in each request. That
 * one is in the old generation, and keeps the request until a full garbage collection.
 */
class HandlerInput {
  readonly params: unknown;
  readonly query: unknown;
  readonly body: unknown;
  readonly user: unknown;
  readonly draining: AbortSignal;
  readonly header: (name: string) => string | undefined;
  readonly showLife: () => void;
  readonly #req: Request;
  readonly #res: Response;
  #signal: AbortSignal | undefined;

  constructor(req: Request, res: Response, { params, query, body }: Parts, draining: AbortSignal) {
    this.params = params;
    this.query = query;
    this.body = body;
    this.user = res.locals['user'];
    this.draining = draining;
    this.header = (name) => req.get(name);
    this.showLife = signOfLife(res);
    this.#req = req;
    this.#res = res;
  }

  get client(): ClientDetails {
    return clientDetails(this.#req);
  }

  get signal(): AbortSignal {
    return (this.#signal ??= signalOfDisconnect(this.#res));
  }

  isDisconnected(): boolean {
    return this.#signal?.aborted === true;
  }
}

/** A signal that aborts when the connection closes before the response has been sent. */
function signalOfDisconnect(res: Response): AbortSignal {
  const controller = new AbortController();
  whenClosed(res, () => {
    if (!res.writableFinished) controller.abort();
  });
  return controller.signal;
}

const isAbort = (error: unknown) => Error.isError(error) && error.name === 'AbortError';

/** Calls `action` when the response has been sent or the caller has disconnected. */
function whenClosed(res: Response, action: () => void): void {
  if (res.closed) action();
  else res.once('close', action);
}

/** The query of most requests is empty. It is parsed once, if it is valid. */
function queryReader({ query: schema }: Route): (req: Request) => unknown {
  if (schema === undefined) return () => undefined;
  const { success, data } = schema.safeParse({});
  return (req) => {
    if (success && !req.url.includes('?')) return Object.freeze(data);
    refuseAmbiguousParameters(schema, req);
    return parsePart('query', schema, req.query);
  };
}

function parseBody({ body }: Route, req: Request): unknown {
  return body === undefined || isBodyStream(body) ? req.body : parsePart('body', body, req.body);
}

function parseParams(route: Route, req: Request): unknown {
  const result = route.params?.safeParse(req.params);
  if (result?.success === false) throw new Problem(problems.notFound);
  return result?.data;
}

type Filters = ReturnType<typeof responseFilters>;

const responseFilters = ({ responses }: Route) =>
  new Map(
    Object.entries(responses).flatMap(([status, { schema }]) =>
      schema === undefined ? [] : [[Number(status), responseFilter(schema)] as const],
    ),
  );

async function send(
  route: Route,
  filters: Filters,
  reply: Awaited<ReturnType<Route['handler']>>,
  res: Response,
): Promise<void> {
  const { status, headers = {}, body, contentType = '', stream } = reply;
  const spec = route.responses[status];
  const undeclared = (what: string) => new Error(`${route.method} ${route.path} does not declare ${what}`);
  if (spec === undefined) throw undeclared(`the status ${status}`);
  if (spec.stream !== undefined) {
    if (!spec.stream.contentTypes.includes(contentType)) throw undeclared(`the content type ${contentType}`);
    await sendStream(res, { status, headers: { ...headers, 'Content-Type': contentType } }, stream ?? []);
    return;
  }
  res.statusCode = status;
  for (const name in headers) res.setHeader(name, headers[name]!);
  const filter = filters.get(status);
  if (filter === undefined) res.end();
  else if (body instanceof JsonText) sendJsonText(res, body);
  else sendJson(res, filter(body));
}

function sendJson(res: Response, value: unknown): void {
  const json = JSON.stringify(value);
  res.setHeader('Content-Type', 'application/json; charset=utf-8');
  res.setHeader('Content-Length', Buffer.byteLength(json));
  atEndOfTurn(() => res.end(json));
}
