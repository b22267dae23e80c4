import { z } from 'zod';
import { examplesOf, jsonContent, jsonSchema, streamContent, type Components, type Json } from './schemas.ts';
import { problems, type ProblemType } from '../problems/problem.ts';
import { isBodyStream, type Route } from '../http/route.ts';

const ProblemBody = z
  .looseObject({
    type: z.string(),
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
    description: 'A refusal or fault (RFC 9457). `code` is stable.',
    // Further members are allowed where nothing is said of them, too; said, it makes typed clients take any name for one.
    additionalProperties: undefined,
  });

const requestId = '0b5f1b0e-6c1f-4a55-9d0c-3f6b1c1d7e2a';

const header = (description: string, example: unknown, type = 'string') => ({
  description,
  schema: { type },
  example,
});

/** The headers that come with more than one call. */
export const headerComponents = {
  'X-Request-Id': header(
    'The id of the request, as it stands in every log line: yours, if you sent a good one.',
    requestId,
  ),
  RateLimit: header(
    'What is left of the limit, and the seconds until it is whole again.',
    '"api"; r=299; t=60',
  ),
  'RateLimit-Policy': header('How many requests there may be in how many seconds.', '"api"; q=300; w=60'),
  'Retry-After': header('How many seconds to wait before the next try.', 2, 'integer'),
  'WWW-Authenticate': header('How to authenticate (RFC 6750).', 'Bearer'),
  Allow: header('The methods that there are here.', 'GET, HEAD'),
};
type HeaderName = keyof typeof headerComponents;

const limits: HeaderName[] = ['RateLimit', 'RateLimit-Policy'];
const headersOfStatus: Record<number, HeaderName[]> = {
  401: ['WWW-Authenticate'],
  405: ['Allow'],
  429: [...limits, 'Retry-After'],
  503: ['Retry-After'],
};

/** All answers of a route. Those of one that is reached through the gateway may be the gateway's as well. */
export function responses(route: Route, throughGateway: boolean, components: Components): Json {
  const common = headersNamed(throughGateway ? limits : []);
  const successes = Object.entries(route.responses).map(
    ([status, { description, schema, stream, headers = {} }]) => {
      const own = Object.entries(headers).map(([name, what]) => [
        name,
        { description: what, required: true, schema: { type: 'string' } },
      ]);
      return [
        status,
        {
          description,
          headers: { ...common, ...Object.fromEntries(own) },
          ...(schema && { content: jsonContent(schema, 'output', components) }),
          ...(stream && { content: streamContent(stream.contentTypes) }),
        },
      ] as const;
    },
  );
  const byStatus = Map.groupBy(refusalsOf(route, throughGateway), ({ status }) => status);
  const refusals = [...byStatus].map(
    ([status, types]) => [status, refusal(status, types, components)] as const,
  );
  return Object.fromEntries([...refusals, ...successes]);
}

/** Most routes share their refusals, so each set of them is a component. */
function refusal(status: number, types: ProblemType[], components: Components): Json {
  const codes = types.map(({ code }) => code);
  for (const type of types) components.examples[type.code] = { summary: type.title, value: exampleOf(type) };
  const name = `${status}-${codes.join('-')}`;
  components.responses[name] = {
    description: types.map(({ code, title }) => `\`${code}\`: ${title}`).join('. '),
    headers: headersNamed(headersOfStatus[status] ?? []),
    content: {
      'application/problem+json': {
        schema: {
          allOf: [jsonSchema(ProblemBody, 'output', components), particulars(status, types, components)],
        },
        examples: Object.fromEntries(codes.map((code) => [code, { $ref: `#/components/examples/${code}` }])),
      },
    },
  };
  return { $ref: `#/components/responses/${name}` };
}

/** What is so in the bodies of these refusals alone. */
function particulars(status: number, types: ProblemType[], components: Components): Json {
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

const headersNamed = (names: readonly HeaderName[]): Json =>
  Object.fromEntries(
    (['X-Request-Id', ...names] as const).map((name) => [name, { $ref: `#/components/headers/${name}` }]),
  );

function exampleOf(type: ProblemType): z.output<typeof ProblemBody> {
  const { title, status, code } = type;
  const errors = [{ path: 'body.title', message: 'must be at most 200 characters' }];
  return {
    type: 'about:blank',
    title,
    status,
    code,
    ...(type === problems.validationFailed && { errors }),
    ...Object.fromEntries(extensionsOf(type).map(([name, schema]) => [name, examplesOf(schema)[0]])),
    requestId,
  };
}

/** What the declaration of a route lets follow, in the order of refusals. */
function refusalsOf(route: Route, throughGateway: boolean): Set<ProblemType> {
  const { access, query, body, params } = route;
  const json = body !== undefined && !isBodyStream(body);
  const hasRole = typeof access === 'object' && 'role' in access;
  return new Set([
    problems.malformedRequest,
    problems.requestTimeout,
    problems.headersTooLarge,
    ...(throughGateway ? [problems.rateLimited] : []),
    problems.methodNotAllowed,
    ...(access === 'public' ? [] : [problems.unauthenticated, problems.tokenExpired]),
    ...(hasRole ? [problems.forbidden] : []),
    ...(body ? [problems.unsupportedMediaType, problems.payloadTooLarge] : []),
    ...(json ? [problems.malformedJson] : []),
    ...(query || json ? [problems.validationFailed] : []),
    ...(params && canRefuse(params) ? [problems.notFound] : []),
    ...(route.problems ?? []),
    problems.internalError,
    ...(throughGateway ? [problems.badGateway, problems.serviceUnavailable, problems.gatewayTimeout] : []),
  ]);
}

/** Whether there are path parameters that name nothing: not where every text goes through to the handler. */
const canRefuse = (params: z.ZodType): boolean =>
  params instanceof z.ZodObject && Object.values(params.shape).some((field) => !field.safeParse('').success);
