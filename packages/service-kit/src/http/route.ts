import type { Readable } from 'node:stream';
import type { Request, Response } from 'express';
import { z } from 'zod';
import type { ClientDetails } from './client-details.ts';
import type { JsonText } from './json-text.ts';
import type { AccessTokenUser } from '../tokens/access-token.ts';
import type { ProblemType } from '../problems/problem.ts';

type Method = 'get' | 'post' | 'put' | 'patch' | 'delete';

/** A step of the work for a request. A failure ends it. */
export type Step = (req: Request, res: Response) => Promise<void> | void;

/**
 * The permitted callers: all, all with or without an access token, all with a token that is verified when the handler
 * asks for the user, users, users with a role, or the named services.
 */
type Access = 'public' | 'optional' | 'onDemand' | 'user' | { role: string } | { callers: readonly string[] };

/** A request body that the handler reads as a stream of bytes. */
export interface BodyStream<Type extends string = string> {
  contentTypes: readonly Type[];
  /** A function for a limit that is a setting. It is called when the service runs, not when routes are declared. */
  limitBytes: number | (() => number);
}

export interface StreamedBody<Type extends string = string> {
  contentType: Type;
  stream: Readable;
}

/** The content of a streamed reply: a Readable, or an async generator. */
export type Chunks = AsyncIterable<string | Uint8Array> | Iterable<string | Uint8Array>;

interface ResponseSpec {
  description: string;
  schema?: z.ZodType;
  stream?: { contentTypes: readonly string[] };
  /** Descriptions of the headers by name. */
  headers?: Record<string, string>;
  /** Those of headers that not every response has. */
  optionalHeaders?: Record<string, string>;
}
type Responses = Record<number, ResponseSpec>;

type Parsed<Schema> = Schema extends z.ZodType ? z.output<Schema> : undefined;

/** The input of a handler. */
export interface Input<A, P, Q, B> {
  params: Parsed<P>;
  query: Parsed<Q>;
  body: B extends BodyStream<infer Type> ? StreamedBody<Type> : Parsed<B>;
  header: (name: string) => string | undefined;
  client: ClientDetails;
  /**
   * Aborts when the connection of the caller has failed before the response was sent. An AbortError that the handler then
   * throws is not logged. A caller that closes only its half of the connection still waits for the response, so a caller
   * that has ended is noticed when the handler sends, or not at all.
   */
  signal: AbortSignal;
  /**
   * Aborts when the service accepts no more requests, or has already. A handler that waits, such as a long poll, waits with
   * `AbortSignal.any([signal, draining])` and then answers at once: connections are broken ten seconds later.
   */
  draining: AbortSignal;
  /**
   * Tells the gateway that the work goes on, at most every 15 seconds. For a handler that works for longer than
   * `UPSTREAM_LONG_TIMEOUT_MS` before it replies; to be called after each part of the work.
   */
  showLife: () => void;
  user: A extends 'user' | { role: string }
    ? AccessTokenUser
    : A extends 'optional'
      ? AccessTokenUser | undefined
      : A extends 'onDemand'
        ? () => Promise<AccessTokenUser>
        : undefined;
}

type Content<Spec> = Spec extends { schema: infer Schema extends z.ZodType }
  ? { body: z.input<Schema> | JsonText }
  : Spec extends { stream: { contentTypes: readonly (infer Type)[] } }
    ? { contentType: Type; stream: Chunks }
    : { body?: undefined };

/** The reply of a handler: one of the declared statuses, with its body or stream. */
export type Reply<R extends Responses> = {
  [Status in keyof R]: {
    status: Status;
    headers?: Record<string, string>;
    /** Starts when the reply has been sent, so its time shows nothing of this work. */
    afterwards?: () => void;
  } & Content<R[Status]>;
}[keyof R];

/**
 * A rate limit by address: `strict` for calls that could serve to guess secrets, send mails or create accounts in bulk,
 * `refresh` for the exchange of refresh tokens.
 */
export type NamedLimit = 'strict' | 'refresh';

interface Declaration {
  method: Method;
  /** In Express's notation: `/api/notes/:id`. */
  path: string;
  tag: string;
  summary: string;
  description?: string;
  /** The rate limit of the call at the gateway, when it is not the usual one. */
  limit?: NamedLimit;
  /**
   * `long` for a call that may be silent for longer than others, such as a long poll, an import or an export. The gateway
   * then waits `UPSTREAM_LONG_TIMEOUT_MS` for each sign of life.
   */
  timeout?: 'long';
  /** Whether clients poll the route: a success is then logged at debug level only. */
  isPolled?: boolean;
  /** The size limit of a JSON body, when it is not 2 MiB. */
  jsonLimitBytes?: number;
  /**
   * The request headers by name: a description, or a schema with a description, which refuses other values. An optional
   * header has an optional schema. The handler reads the value with `header`, as it was sent.
   */
  requestHeaders?: Record<string, string | z.ZodType>;
  /** The route's own refusals, beside those that follow from the rest of the declaration. */
  problems?: readonly ProblemType[];
}

interface RouteSpec<A extends Access, P, Q, B, R extends Responses> extends Declaration {
  access: A;
  /** An invalid parameter means that the resource does not exist: 404. */
  params?: P;
  /** A `z.object`: unknown parameters are ignored. */
  query?: Q;
  /** A `z.strictObject`, which refuses unknown fields, or a `stream`. */
  body?: B;
  responses: R;
  handler(input: Input<A, P, Q, B>): Promise<Reply<R>>;
}

/** A declared route without its types: mounting checks at run time the rules that `route` checks at compile time. */
export interface Route extends Declaration {
  access: Access;
  params?: z.ZodType;
  query?: z.ZodType;
  body?: z.ZodType | BodyStream;
  responses: Responses;
  handler(input: unknown): Promise<{
    status: number;
    headers?: Record<string, string>;
    afterwards?: () => void;
    body?: unknown;
    contentType?: string;
    stream?: Chunks;
  }>;
}

/** Declares a route: its validation, the types of its handler, the filter of its response, and its OpenAPI operation. */
export function route<
  const A extends Access,
  const R extends Responses,
  P extends z.ZodType | undefined = undefined,
  Q extends z.ZodType | undefined = undefined,
  B extends z.ZodType | BodyStream | undefined = undefined,
>(spec: RouteSpec<A, P, Q, B, R>): Route {
  return spec as unknown as Route;
}

/** Declares a request body that the handler reads as a stream. Other content types are a 415, larger bodies a 413. */
export const stream = <const Type extends string>(body: BodyStream<Type>): BodyStream<Type> => body;

export const isBodyStream = (body: z.ZodType | BodyStream): body is BodyStream =>
  !(body instanceof z.ZodType);
