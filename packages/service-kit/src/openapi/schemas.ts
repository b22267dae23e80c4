import { z } from 'zod';

export type Json = Record<string, unknown>;

export interface Components {
  schemas: Json;
  responses: Json;
  examples: Json;
}

export type Direction = 'input' | 'output';

/** The JSON Schema of a Zod schema. Schemas with an `id` in their metadata become components, others stay inline. */
export function jsonSchema(schema: z.ZodType, io: Direction, { schemas }: Pick<Components, 'schemas'>): Json {
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

/** A JSON body. The examples of its schema are repeated beside it, because some tools look only there. */
export function jsonContent(schema: z.ZodType, io: Direction, components: Components): Json {
  const examples = examplesOf(schema);
  for (const example of examples) schema.parse(example);
  const [first, ...others] = examples;
  const named = examples.map((value, index) => [`Example ${index + 1}`, { value }] as const);
  return {
    'application/json': {
      schema: jsonSchema(schema, io, components),
      ...(first !== undefined && others.length === 0 && { example: first }),
      ...(others.length > 0 && { examples: Object.fromEntries(named) }),
    },
  };
}

export const streamContent = (contentTypes: readonly string[]): Json =>
  Object.fromEntries(contentTypes.map((type) => [type, { schema: { type: 'string', format: 'binary' } }]));

export const examplesOf = (schema: z.ZodType): unknown[] =>
  z.array(z.unknown()).catch([]).parse(schema.meta()?.examples);
