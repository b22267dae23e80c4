import { z } from 'zod';
import { headerComponents, responses } from './responses.ts';
import { examplesOf, jsonContent, jsonSchema, streamContent, type Components, type Json } from './schemas.ts';
import { sizeInWords } from '../http/body-problems.ts';
import { isBodyStream, type BodyStream, type Route } from '../http/route.ts';
import { version } from '../process/version.ts';

/** An OpenAPI 3.1 document, with types for the parts that the code reads. */
export interface OpenApiDocument extends Json {
  paths: Record<string, Record<string, Json>>;
  components: Components & { headers: Json; securitySchemes: Json };
}

interface DocumentOptions {
  title: string;
  routes: readonly Route[];
  /** Whether callers reach the routes through the gateway, which adds rate limits and its own errors. */
  throughGateway: boolean;
}

/** Describes the routes outside `/internal`. Throws when an example does not match its schema. */
export function openApiDocument({ title, routes, throughGateway }: DocumentOptions): OpenApiDocument {
  const components: Components = { schemas: {}, responses: {}, examples: {} };
  const paths: OpenApiDocument['paths'] = {};
  for (const route of routes) {
    if (route.path.startsWith('/internal/')) continue;
    const path = route.path.replaceAll(/:(\w+)/g, '{$1}');
    paths[path] = { ...paths[path], [route.method]: operation(route, throughGateway, components) };
  }
  return {
    openapi: '3.1.0',
    info: { title, version },
    paths,
    components: {
      ...components,
      headers: headerComponents,
      securitySchemes: {
        bearerAuth: {
          type: 'http',
          scheme: 'bearer',
          bearerFormat: 'JWT',
          description: 'The `accessToken` from the response to a login or a registration.',
        },
      },
    },
  };
}

function operation(route: Route, throughGateway: boolean, components: Components): Json {
  try {
    return {
      operationId: `${route.method}${route.path.replaceAll(/[^A-Za-z0-9]+(\w?)/g, (_, first: string) => first.toUpperCase())}`,
      tags: [route.tag],
      summary: route.summary,
      ...(route.description !== undefined && { description: route.description }),
      ...(route.limit !== undefined && { 'x-rate-limit': route.limit }),
      ...(route.timeout !== undefined && { 'x-timeout': route.timeout }),
      security: security(route.access),
      parameters: [
        ...parameters('path', route.params, components),
        ...parameters('query', route.query, components),
        ...headerParameters(route, components),
      ],
      ...(route.body && { requestBody: requestBody(route.body, components) }),
      responses: responses(route, throughGateway, components),
    };
  } catch (cause) {
    throw new Error(`${route.method} ${route.path} cannot be described`, { cause });
  }
}

function security(access: Route['access']): Json[] {
  if (access === 'public') return [];
  const isOptional = access === 'optional' || access === 'onDemand';
  return isOptional ? [{}, { bearerAuth: [] }] : [{ bearerAuth: [] }];
}

function requestBody(body: z.ZodType | BodyStream, components: Components): Json {
  if (!isBodyStream(body))
    return { required: !body.safeParse(undefined).success, content: jsonContent(body, 'input', components) };
  const { contentTypes, limitBytes: limit } = body;
  return {
    description:
      typeof limit === 'function'
        ? 'The size limit is a setting. A 413 names it.'
        : `At most ${sizeInWords(limit)}.`,
    required: true,
    content: streamContent(contentTypes),
  };
}

function parameters(
  where: 'path' | 'query' | 'header',
  schema: z.ZodType | undefined,
  components: Components,
): Json[] {
  if (!(schema instanceof z.ZodObject)) return [];
  return Object.entries<z.ZodType>(schema.shape).map(([name, field]) => {
    const { description, examples: _, ...rest } = jsonSchema(field, 'input', components);
    const [example] = examplesOf(field);
    const required = where === 'path' || !field.safeParse(undefined).success;
    return {
      in: where,
      name,
      required,
      ...(description !== undefined && { description }),
      schema: rest,
      ...(example !== undefined && { example }),
    };
  });
}

const headerParameters = ({ requestHeaders = {} }: Route, components: Components): Json[] =>
  Object.entries(requestHeaders).flatMap(([name, header]) =>
    typeof header === 'string'
      ? [{ in: 'header', name, description: header, schema: { type: 'string' } }]
      : parameters('header', z.object({ [name]: header }), components),
  );
