import { z } from 'zod';
import { problems, type ProblemType } from './problem.ts';
import type { Route } from './route.ts';

type Json = Record<string, unknown>;

/** An OpenAPI 3.1 document, as far as the code looks into it. */
export interface OpenApiDocument extends Json {
  paths: Record<string, Record<string, Json>>;
  components: { schemas: Record<string, unknown>; securitySchemes: Json };
}

const ProblemBody = z
  .object({
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
  .meta({ id: 'Problem', description: 'A refusal or fault (RFC 9457). `code` is stable.' });

/** Describes the public routes (not those under `/internal`) as an OpenAPI 3.1 document. */
export function openApiDocument(title: string, routes: readonly Route[]): OpenApiDocument {
  const schemas: Record<string, unknown> = {};
  const paths: OpenApiDocument['paths'] = {};
  for (const route of routes) {
    if (route.path.startsWith('/internal/')) continue;
    const path = route.path.replaceAll(/:(\w+)/g, '{$1}');
    paths[path] = { ...paths[path], [route.method]: operation(route, schemas) };
  }
  return {
    openapi: '3.1.0',
    info: { title, version: '1.0.0' },
    paths,
    components: {
      schemas,
      securitySchemes: { bearerAuth: { type: 'http', scheme: 'bearer', bearerFormat: 'JWT' } },
    },
  };
}

function operation(route: Route, schemas: Record<string, unknown>): Json {
  const schemaOf = (schema: z.ZodType, io: 'input' | 'output') => jsonSchema(schema, io, schemas);
  return {
    operationId: `${route.method}${route.path.replaceAll(/[^A-Za-z0-9]+(\w?)/g, (_, first: string) => first.toUpperCase())}`,
    tags: [route.tag],
    summary: route.summary,
    ...(route.description !== undefined && { description: route.description }),
    security: route.access === 'public' ? [] : [{ bearerAuth: [] }],
    parameters: [
      ...parameters('path', route.params, schemaOf),
      ...parameters('query', route.query, schemaOf),
      ...Object.entries(route.requestHeaders ?? {}).map(([name, description]) => ({
        in: 'header',
        name,
        description,
        schema: { type: 'string' },
      })),
    ],
    ...(route.body && {
      requestBody: {
        required: true,
        content: { 'application/json': { schema: schemaOf(route.body, 'input') } },
      },
    }),
    responses: { ...successes(route, schemaOf), ...refusals(route, schemaOf) },
  };
}

type SchemaOf = (schema: z.ZodType, io: 'input' | 'output') => Json;

function parameters(where: 'path' | 'query', schema: z.ZodType | undefined, schemaOf: SchemaOf): Json[] {
  if (!(schema instanceof z.ZodObject)) return [];
  return Object.entries<z.ZodType>(schema.shape).map(([name, field]) => {
    const { description, ...rest } = schemaOf(field, 'input');
    const required = where === 'path' || !field.safeParse(undefined).success;
    return { in: where, name, required, ...(description !== undefined && { description }), schema: rest };
  });
}

function successes(route: Route, schemaOf: SchemaOf): Json {
  return Object.fromEntries(
    Object.entries(route.responses).map(([status, { description, schema, headers = {} }]) => [
      status,
      {
        description,
        headers: Object.fromEntries(
          Object.entries(headers).map(([name, what]) => [
            name,
            { description: what, schema: { type: 'string' } },
          ]),
        ),
        ...(schema && { content: { 'application/json': { schema: schemaOf(schema, 'output') } } }),
      },
    ]),
  );
}

function refusals(route: Route, schemaOf: SchemaOf): Json {
  const byStatus = Map.groupBy(refusalsOf(route), (type) => type.status);
  return Object.fromEntries(
    [...byStatus].map(([status, types]) => {
      const codes = types.map(({ code }) => code);
      return [
        status,
        {
          description: types.map(({ code, title }) => `\`${code}\`: ${title}`).join('. '),
          content: {
            'application/problem+json': {
              schema: { allOf: [schemaOf(ProblemBody, 'output'), { properties: { code: { enum: codes } } }] },
            },
          },
        },
      ];
    }),
  );
}

function refusalsOf(route: Route): ProblemType[] {
  const { validationFailed, malformedJson, unsupportedMediaType, payloadTooLarge } = problems;
  return [
    ...(route.body ? [validationFailed, malformedJson, unsupportedMediaType, payloadTooLarge] : []),
    ...(route.query && !route.body ? [validationFailed] : []),
    ...(route.access === 'public' ? [] : [problems.unauthenticated, problems.tokenExpired]),
    ...(typeof route.access === 'object' && 'role' in route.access ? [problems.forbidden] : []),
    ...(route.params ? [problems.notFound] : []),
    ...(route.problems ?? []),
    problems.badGateway,
    problems.serviceUnavailable,
    problems.gatewayTimeout,
  ];
}

/** Schemas with an `id` in their metadata become components; everything else stands where it is used. */
function jsonSchema(schema: z.ZodType, io: 'input' | 'output', schemas: Record<string, unknown>): Json {
  const asText = JSON.stringify(z.toJSONSchema(schema, { io, unrepresentable: 'any', reused: 'inline' }));
  const {
    $defs = {},
    $schema: _,
    ...inline
  } = JSON.parse(asText.replaceAll('"#/$defs/', '"#/components/schemas/')) as Json & { $defs?: Json };
  Object.assign(schemas, $defs);
  const { id, ...rest } = inline;
  if (typeof id !== 'string') return rest;
  schemas[id] = rest;
  return { $ref: `#/components/schemas/${id}` };
}
