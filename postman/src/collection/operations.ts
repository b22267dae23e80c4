import { z } from 'zod';
import { jsonSchemaText } from './json-schema.ts';

const Content = z.looseObject({
  schema: z.looseObject({ $ref: z.string().optional() }).optional(),
  example: z.unknown().optional(),
  examples: z.record(z.string(), z.looseObject({ value: z.unknown() })).optional(),
});
const Contents = z.record(z.string(), Content);
const Documented = z.looseObject({
  summary: z.string(),
  description: z.string().optional(),
  tags: z.array(z.string()),
  security: z.array(z.unknown()),
  requestBody: z.looseObject({ content: Contents }).optional(),
  responses: z.record(
    z.string(),
    z.looseObject({ $ref: z.string().optional(), content: Contents.optional() }),
  ),
});
const Document = z.looseObject({
  paths: z.record(z.string(), z.record(z.string(), Documented)),
  components: z.looseObject({ schemas: z.record(z.string(), z.unknown()) }),
});

export type Document = z.output<typeof Document>;

export interface NamedSchema {
  name: string;
  /** A JSON Schema of its own, as text. */
  text: string;
}

/** An operation of the OpenAPI document, as far as the collection needs it. */
export interface Operation {
  method: string;
  /** `/api/notes/{id}` */
  path: string;
  summary: string;
  description: string | undefined;
  tags: readonly string[];
  isPublic: boolean;
  isForAdmins: boolean;
  example: unknown;
  /** The successes by status. The schema is undefined where a body has no named one, or there is no body. */
  successes: ReadonlyMap<string, NamedSchema | undefined>;
}

/** Parses an OpenAPI document. Throws when it is none. */
export const readDocument = (document: unknown): Document => Document.parse(document);

export const operationsOf = ({ paths, components: { schemas } }: Document): Operation[] =>
  Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(
      ([method, { summary, description, tags, security, requestBody, responses }]) => ({
        method: method.toUpperCase(),
        path,
        summary,
        description,
        tags,
        isPublic: security.length === 0,
        // The refusal of a caller who lacks a role.
        isForAdmins: security.length > 0 && /\bforbidden\b/.test(JSON.stringify(responses['403'] ?? '')),
        example: exampleOf(requestBody?.content['application/json']),
        successes: new Map(
          Object.entries(responses)
            .filter(([status]) => status < '400')
            .map(([status, { content }]) => [status, namedSchema(content?.['application/json'], schemas)]),
        ),
      }),
    ),
  );

const exampleOf = (content: z.output<typeof Content> | undefined): unknown =>
  content?.example ?? Object.values(content?.examples ?? {})[0]?.value;

function namedSchema(
  content: z.output<typeof Content> | undefined,
  schemas: Record<string, unknown>,
): NamedSchema | undefined {
  const name = content?.schema?.$ref?.split('/').at(-1);
  return name === undefined ? undefined : { name, text: jsonSchemaText(name, schemas) };
}

/** Method, path and query of a call such as `GET /api/notes?limit=2`. */
export function partsOfCall(call: string): { method: string; path: string; query: string | undefined } {
  const [method = '', target = ''] = call.split(/ (.*)/);
  const [path = '', query] = target.split(/\?(.*)/);
  return { method, path, query };
}

/** The operation that a call is one of: where its path has `{id}`, a variable stands. */
export function operationOfCall(operations: readonly Operation[], call: string): Operation | undefined {
  const { method, path } = partsOfCall(call);
  return operations.find((operation) => operation.method === method && patternOf(operation.path).test(path));
}

const patternOf = (path: string) =>
  new RegExp(`^${path.replaceAll('.', '\\.').replaceAll(/\{\w+\}/g, String.raw`\{\{\w+\}\}`)}$`);
