import { z } from 'zod';

/** A kind of refusal: its HTTP status, its stable `code`, and a title for people. */
export interface ProblemType {
  readonly status: number;
  readonly code: string;
  readonly title: string;
  /** The members that its body has beside those of every refusal (RFC 9457, section 3.2). */
  readonly extensions: z.ZodObject;
}

/** One fault of the input: where it is (`body.email`), what is wrong, and a stable code where clients branch on it. */
export interface FieldError {
  path: string;
  message: string;
  code?: string;
}

interface ProblemDetails {
  detail?: string;
  errors?: FieldError[];
  /** Response headers that belong to the refusal, such as Retry-After. */
  headers?: Record<string, string>;
  /** The extension members that its kind declares; as in answers, what is not declared is stripped. */
  extensions?: Record<string, unknown>;
  /** For the log only; never sent. */
  cause?: unknown;
}

/** Declares a kind of refusal, to be named in a route's `problems` and thrown as `new Problem(kind)`. */
export const problemType = (
  status: number,
  code: string,
  title: string,
  extensions: z.ZodRawShape = {},
): ProblemType => ({ status, code, title, extensions: z.object(extensions) });

/** A refusal that the caller is meant to see. Everything else that is thrown becomes a 500 that says nothing. */
export class Problem extends Error {
  override readonly name = 'Problem';
  readonly type: ProblemType;
  readonly detail: string | undefined;
  readonly errors: FieldError[] | undefined;
  readonly headers: Record<string, string>;
  readonly extensions: Record<string, unknown>;

  constructor(
    type: ProblemType,
    { detail, errors, headers = {}, extensions = {}, cause }: ProblemDetails = {},
  ) {
    super(detail ?? type.title, { cause });
    this.type = type;
    this.detail = detail;
    this.errors = errors;
    this.headers = { ...defaultHeaders(type.status), ...headers };
    this.extensions = type.extensions.parse(extensions);
  }
}

function defaultHeaders(status: number): Record<string, string> {
  if (status === 401) return { 'WWW-Authenticate': 'Bearer' };
  if (status === 503) return { 'Retry-After': '2' };
  return {};
}

/** The refusals that every service shares. */
export const problems = {
  validationFailed: problemType(400, 'validation_failed', 'The request is not valid'),
  malformedJson: problemType(400, 'malformed_json', 'The body is not valid JSON'),
  malformedRequest: problemType(400, 'malformed_request', 'This is not a well-formed HTTP request'),
  unauthenticated: problemType(401, 'unauthenticated', 'A valid access token is needed'),
  tokenExpired: problemType(401, 'token_expired', 'The access token has expired'),
  tokenRevoked: problemType(401, 'token_revoked', 'The access token does not count any more'),
  forbidden: problemType(403, 'forbidden', 'This is not allowed'),
  notFound: problemType(404, 'not_found', 'There is nothing here'),
  methodNotAllowed: problemType(405, 'method_not_allowed', 'The method is not allowed here'),
  requestTimeout: problemType(408, 'request_timeout', 'The request took too long to arrive'),
  payloadTooLarge: problemType(413, 'payload_too_large', 'The body is too large'),
  unsupportedMediaType: problemType(
    415,
    'unsupported_media_type',
    'The media type of the body is not supported',
  ),
  rateLimited: problemType(429, 'rate_limited', 'Too many requests for now'),
  headersTooLarge: problemType(431, 'headers_too_large', 'The request line and headers are too large'),
  internalError: problemType(500, 'internal_error', 'Something went wrong on our side'),
  badGateway: problemType(502, 'bad_gateway', 'A service broke off its answer'),
  serviceUnavailable: problemType(503, 'service_unavailable', 'A service cannot be reached at the moment'),
  gatewayTimeout: problemType(504, 'gateway_timeout', 'A service took too long to answer'),
} as const;
