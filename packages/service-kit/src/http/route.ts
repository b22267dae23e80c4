import type { z } from 'zod';
import type { AccessTokenUser } from '../tokens/access-token.ts';
import type { ProblemType } from '../problems/problem.ts';

type Method = 'get' | 'post' | 'put' | 'patch' | 'delete';

/** Who may call: anyone, bearers of an access token, those of them with a role, or the named services with their tokens. */
type Access = 'public' | 'user' | { role: string } | { callers: readonly string[] };

interface ResponseSpec {
  description: string;
  schema?: z.ZodType;
  /** Header names and what they hold, for the API reference. */
  headers?: Record<string, string>;
}
type Responses = Record<number, ResponseSpec>;

type Parsed<Schema> = Schema extends z.ZodType ? z.output<Schema> : undefined;

/** What a handler gets: the parsed parts of the request, and the user if the route is for users. */
export interface Input<A, P, Q, B> {
  params: Parsed<P>;
  query: Parsed<Q>;
  body: Parsed<B>;
  /** Reads a request header; undefined when it was not sent. */
  header: (name: string) => string | undefined;
  user: A extends 'user' | { role: string } ? AccessTokenUser : undefined;
}

/** What a handler gives back: one of the declared statuses with a body for its schema. */
export type Reply<R extends Responses> = {
  [Status in keyof R]: { status: Status; headers?: Record<string, string> } & (R[Status] extends {
    schema: infer Schema extends z.ZodType;
  }
    ? { body: z.input<Schema> }
    : { body?: undefined });
}[keyof R];

interface RouteSpec<A extends Access, P, Q, B, R extends Responses> {
  method: Method;
  /** In Express's notation: `/api/notes/:id`. */
  path: string;
  tag: string;
  summary: string;
  description?: string;
  access: A;
  /** The rate limit of the call at the gateway, when it is not the usual one. */
  limit?: 'strict';
  /** Whether clients poll the route: a success is then logged at debug level only. */
  isPolled?: boolean;
  /** A fault here means that there is no such thing: 404. */
  params?: P;
  /** A `z.object`: unknown parameters are ignored. */
  query?: Q;
  /** A `z.strictObject`: unknown fields are refused. */
  body?: B;
  /** Request headers that matter, for the API reference. */
  requestHeaders?: Record<string, string>;
  responses: R;
  /** The refusals of its own, beside those that follow from the rest of the declaration. */
  problems?: readonly ProblemType[];
  handler(input: Input<A, P, Q, B>): Promise<Reply<R>>;
}

/** A declared route with its types forgotten: what mounts it checks at run time what `route` checked at compile time. */
export interface Route {
  method: Method;
  path: string;
  tag: string;
  summary: string;
  description?: string;
  access: Access;
  limit?: 'strict';
  isPolled?: boolean;
  params?: z.ZodType;
  query?: z.ZodType;
  body?: z.ZodType;
  requestHeaders?: Record<string, string>;
  responses: Responses;
  problems?: readonly ProblemType[];
  handler(input: unknown): Promise<{ status: number; headers?: Record<string, string>; body?: unknown }>;
}

/**
 * Declares a route once: from this come the validation of the request, the types of the handler, the filter of the
 * response (undeclared fields are stripped) and the operation in the OpenAPI document.
 */
export function route<
  const A extends Access,
  const R extends Responses,
  P extends z.ZodType | undefined = undefined,
  Q extends z.ZodType | undefined = undefined,
  B extends z.ZodType | undefined = undefined,
>(spec: RouteSpec<A, P, Q, B, R>): Route {
  return spec as unknown as Route;
}
