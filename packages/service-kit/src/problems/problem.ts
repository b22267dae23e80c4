import { z } from 'zod';

/** A type of problem: HTTP status, stable `code`, and a title for people. */
export interface ProblemType {
  readonly status: number;
  readonly code: string;
  readonly title: string;
  /** Extension members of the body (RFC 9457, section 3.2). */
  readonly extensions: z.ZodObject;
}

/** One error in the input: its path (`body.email`), a message, and a stable code if clients need one. */
export interface FieldError {
  path: string;
  message: string;
  code?: string;
}

interface ProblemDetails {
  detail?: string | undefined;
  errors?: FieldError[] | undefined;
  headers?: Record<string, string>;
  /** Values of the declared extension members. Undeclared members are stripped. */
  extensions?: Record<string, unknown>;
  /** For the log only. It is never sent. */
  cause?: unknown;
}

/** Declares a type of problem. A route lists it in `problems` and throws it as `new Problem(type)`. */
export const problemType = (
  status: number,
  code: string,
  title: string,
  extensions: z.ZodRawShape = {},
): ProblemType => ({ status, code, title, extensions: z.object(extensions) });

/** An error for the caller to see. Every other error becomes a 500 without details. */
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

/** The problems of all services. */
export const problems = {
  validationFailed: problemType(400, 'validation_failed', 'The request is not valid'),
  malformedJson: problemType(400, 'malformed_json', 'The body is not valid JSON'),
  malformedRequest: problemType(400, 'malformed_request', 'The HTTP request is malformed'),
  webSocketNotSupported: problemType(400, 'websocket_not_supported', 'The API has no WebSockets'),
  unauthenticated: problemType(401, 'unauthenticated', 'A valid access token is required'),
  tokenExpired: problemType(401, 'token_expired', 'The access token has expired'),
  tokenRevoked: problemType(401, 'token_revoked', 'The access token has been revoked'),
  forbidden: problemType(403, 'forbidden', 'The caller may not do this'),
  notFound: problemType(404, 'not_found', 'The resource does not exist'),
  methodNotAllowed: problemType(405, 'method_not_allowed', 'The path does not support this method'),
  requestTimeout: problemType(408, 'request_timeout', 'The request did not arrive in time'),
  payloadTooLarge: problemType(413, 'payload_too_large', 'The body is too large'),
  unsupportedMediaType: problemType(
    415,
    'unsupported_media_type',
    'The media type of the body is not supported',
  ),
  rateLimited: problemType(429, 'rate_limited', 'Too many requests'),
  headersTooLarge: problemType(431, 'headers_too_large', 'The request line or the headers are too large'),
  internalError: problemType(500, 'internal_error', 'An unexpected error occurred'),
  badGateway: problemType(502, 'bad_gateway', 'A service did not send a complete response'),
  serviceUnavailable: problemType(503, 'service_unavailable', 'A service is temporarily unavailable'),
  gatewayTimeout: problemType(504, 'gateway_timeout', 'A service did not respond in time'),
  httpVersionNotSupported: problemType(
    505,
    'http_version_not_supported',
    'Only HTTP/1.0 and HTTP/1.1 are supported',
  ),
} as const;
