/** A schema of the OpenAPI document as a JSON Schema of its own, as text without examples and descriptions. */
export function jsonSchemaText(name: string, schemas: Record<string, unknown>): string {
  const definitions: Record<string, unknown> = {};
  const add = (reference: string) => {
    if (reference in definitions) return;
    definitions[reference] = JSON.parse(withoutTexts(schemas[reference]));
    for (const [, inside = ''] of withoutTexts(schemas[reference]).matchAll(references)) add(inside);
  };
  add(name);
  const text = JSON.stringify({ definitions, allOf: [{ $ref: `#/components/schemas/${name}` }] });
  return text.replaceAll('#/components/schemas/', '#/definitions/');
}

const references = /"#\/components\/schemas\/(\w+)"/g;

const withoutTexts = (schema: unknown): string =>
  JSON.stringify(schema, (key, value: unknown) => {
    const isExamples = key === 'examples' && Array.isArray(value);
    const isDescription = key === 'description' && typeof value === 'string';
    return isExamples || isDescription ? undefined : value;
  });
