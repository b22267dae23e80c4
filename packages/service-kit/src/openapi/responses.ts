import { z } from 'zod';
import { examplesOf, jsonContent, jsonSchema, streamContent, type Components, type Json } from './schemas.ts';
import { problems, type ProblemType } from '../problems/problem.ts';
import { requestHeaderSchema } from '../http/request-headers.ts';
import { isBodyStream, type Route } from '../http/route.ts';

/** A problem in a response. */
export const ProblemBody = z
  .looseObject({
    type: z.string().meta({
      format: 'uri-reference',
      description: 'A link to the explanation of the code, or `about:blank`.',
    }),
    title: z.string(),
    status: z.int(),
    code: z.string(),
    detail: z.string().optional(),
    errors: z
      .array(z.object({ path: z.string(), message: z.string(), code: z.string().optional() }))
      .optional(),
    requestId: z.string(),
  })
  .meta({
    id: 'Problem',
    description: 'An error (RFC 9457). `code` is stable.',
    // Further members are allowed by default. Declared, they would let typed clients read members of any name.
    additionalProperties: undefined,
  });

const requestId = '0b5f1b0e-6c1f-4a55-9d0c-3f6b1c1d7e2a';

const header = (description: string, example: unknown, { type = 'string', required = false } = {}) => ({
  description,
  ...(required && { required }),
  schema: { type },
  example,
});

export const headerComponents = {
  'X-Request-Id': header(
    'The request id in every log line. It is the id that you sent, if that one was valid.',
    requestId,
    { required: true },
  ),
  RateLimit: header(
    'The remaining requests (`r`), and the seconds until the window ends (`t`). Sent where a limit applies.',
    '"api"; r=299; t=60',
  ),
  'RateLimit-Policy': header(
    'The quota of requests (`q`) in a window of seconds (`w`). Sent where a limit applies.',
    '"api"; q=300; w=60',
  ),
  'Cache-Control': header('Whether and how the response may be stored.', 'no-store', { required: true }),
  Vary: header('The request headers that the response depends on.', 'Origin'),
  'Access-Control-Allow-Origin': header(
    'The origin of the request, if its scripts may read the response.',
    'https://app.example.com',
  ),
  'Access-Control-Expose-Headers': header('The headers that these scripts may read.', 'ETag,Location'),
  'Retry-After': header('The seconds to wait before a retry.', 2, { type: 'integer', required: true }),
  'WWW-Authenticate': header('The authentication scheme (RFC 6750).', 'Bearer', { required: true }),
  Allow: header('The methods of this path.', 'GET, HEAD', { required: true }),
};
type HeaderName = keyof typeof headerComponents;

const ofEveryResponse: HeaderName[] = [
  'X-Request-Id',
  'RateLimit',
  'RateLimit-Policy',
  'Cache-Control',
  'Vary',
  'Access-Control-Allow-Origin',
  'Access-Control-Expose-Headers',
];
const headersOfStatus: Record<number, HeaderName[]> = {
  401: ['WWW-Authenticate'],
  405: ['Allow'],
  429: ['Retry-After'],
  503: ['Retry-After'],
};

export function responses(route: Route, throughGateway: boolean, components: Components): Json {
  const successes = Object.entries(route.responses).map(
    ([status, { description, schema, stream, headers, optionalHeaders }]) => {
      const own = [...ownHeaders(headers, true), ...ownHeaders(optionalHeaders, false)];
      return [
        status,
        {
          description,
          headers: { ...headersNamed([]), ...Object.fromEntries(own) },
          ...(schema && { content: jsonContent(schema, 'output', components) }),
          ...(stream && { content: streamContent(stream.contentTypes) }),
        },
      ] as const;
    },
  );
  const byStatus = Map.groupBy(problemsOf(route, throughGateway), ({ status }) => status);
  const failures = [...byStatus].map(
    ([status, types]) => [status, problemResponse(status, types, components)] as const,
  );
  return Object.fromEntries([...failures, ...successes]);
}

const ownHeaders = (descriptions: Record<string, string> = {}, required: boolean) =>
  Object.entries(descriptions).map(([name, description]) => [
    name,
    { description, required, schema: { type: 'string' } },
  ]);

/** The response for the problems of one status: a component, because most routes share it. */
function problemResponse(status: number, types: ProblemType[], components: Components): Json {
  const codes = types.map(({ code }) => code);
  for (const type of types) components.examples[type.code] = { summary: type.title, value: exampleOf(type) };
  const name = `${status}-${codes.join('-')}`;
  components.responses[name] = {
    description: types.map(({ code, title }) => `\`${code}\`: ${title}`).join('. '),
    headers: headersNamed(headersOfStatus[status] ?? []),
    content: {
      'application/problem+json': {
        schema: {
          allOf: [jsonSchema(ProblemBody, 'output', components), ownMembers(status, types, components)],
        },
        examples: Object.fromEntries(codes.map((code) => [code, { $ref: `#/components/examples/${code}` }])),
      },
    },
  };
  return { $ref: `#/components/responses/${name}` };
}

/** The schema of the members that only these problems have. */
function ownMembers(status: number, types: ProblemType[], components: Components): Json {
  const extensions = new Map(types.flatMap(extensionsOf));
  const always = [...extensions.keys()].filter((name) =>
    types.every((type) => name in type.extensions.shape),
  );
  const members = [...extensions].map(([name, schema]) => [name, jsonSchema(schema, 'output', components)]);
  return {
    type: 'object',
    properties: {
      status: { const: status },
      code: { type: 'string', enum: types.map(({ code }) => code) },
      ...Object.fromEntries(members),
    },
    required: ['status', 'code', ...always],
  };
}

const extensionsOf = ({ extensions }: ProblemType) => Object.entries<z.ZodType>(extensions.shape);

/** References to the headers of every response, and to those with these names. */
const headersNamed = (names: readonly HeaderName[]): Json =>
  Object.fromEntries(
    [...ofEveryResponse, ...names].map((name) => [name, { $ref: `#/components/headers/${name}` }]),
  );

function exampleOf(type: ProblemType): z.output<typeof ProblemBody> {
  const { title, status, code } = type;
  const errors = [{ path: 'body.title', message: 'must be at most 200 characters' }];
  return {
    type: `https://notes.example.com/problems#${code}`,
    title,
    status,
    code,
    ...(type === problems.validationFailed && { errors }),
    ...Object.fromEntries(extensionsOf(type).map(([name, schema]) => [name, examplesOf(schema)[0]])),
    requestId,
  };
}

/** The problems that follow from the declaration of a route, in the order in which they are checked. */
function problemsOf(route: Route, throughGateway: boolean): Set<ProblemType> {
  const { access, query, body, params } = route;
  const json = body !== undefined && !isBodyStream(body);
  const hasRole = typeof access === 'object' && 'role' in access;
  return new Set([
    problems.malformedRequest,
    problems.webSocketNotSupported,
    problems.requestTimeout,
    problems.headersTooLarge,
    ...(throughGateway ? [problems.rateLimited] : []),
    problems.methodNotAllowed,
    ...(access === 'public' ? [] : [problems.unauthenticated, problems.tokenExpired]),
    ...(hasRole ? [problems.forbidden] : []),
    ...(body ? [problems.unsupportedMediaType] : []),
    problems.payloadTooLarge,
    ...(json ? [problems.malformedJson] : []),
    ...(query || json || requestHeaderSchema(route) ? [problems.validationFailed] : []),
    // A parameter may be invalid, or in an encoding that the gateway does not forward.
    ...(params ? [problems.notFound] : []),
    ...(route.problems ?? []),
    problems.internalError,
    ...(throughGateway ? [problems.badGateway, problems.serviceUnavailable, problems.gatewayTimeout] : []),
    problems.httpVersionNotSupported,
  ]);
}
