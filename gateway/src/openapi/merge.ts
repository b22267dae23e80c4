import type { OpenApiDocument } from '@polyglot-notes/service-kit';

/** Adds the paths and components of `others` to `own`. Throws when two documents define one name differently. */
export function mergeDocuments(own: OpenApiDocument, others: readonly OpenApiDocument[]): OpenApiDocument {
  const documents = [own, ...others];
  const components = (kind: keyof OpenApiDocument['components']) =>
    union(
      kind,
      documents.map((document) => document.components[kind]),
    );
  return {
    ...own,
    servers: [{ url: '/' }],
    paths: union(
      'path',
      documents.map(({ paths }) => paths),
    ),
    components: {
      schemas: components('schemas'),
      responses: components('responses'),
      examples: components('examples'),
      headers: components('headers'),
      securitySchemes: components('securitySchemes'),
    },
  };
}

function union<Value>(kind: string, parts: Record<string, Value>[]): Record<string, Value> {
  const merged: Record<string, Value> = {};
  for (const [name, value] of parts.flatMap((part) => Object.entries(part))) {
    const known = merged[name];
    if (known !== undefined && JSON.stringify(known) !== JSON.stringify(value)) {
      throw new Error(`Two services define ${kind} ${name} differently`);
    }
    merged[name] = value;
  }
  return merged;
}
