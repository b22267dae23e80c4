import type { OpenApiDocument } from '@polyglot-notes/service-kit';
import openapiTS, { astToString } from 'openapi-typescript';

const header = '// Generated from openapi.json by "npm run generate".\n\n';

/** The TypeScript types of the API, for the client. */
export const clientTypes = async (document: OpenApiDocument): Promise<string> =>
  // A field of a request that has a default may be omitted.
  header +
  astToString(await openapiTS(JSON.stringify(document, withoutAlternatives), { defaultNonNullable: false }));

/** Drops `anyOf` beside `properties`: it says which fields an object needs, and would become a union with `unknown`. */
function withoutAlternatives(_key: string, value: unknown): unknown {
  const isObject = typeof value === 'object' && value !== null;
  return isObject && 'properties' in value && 'anyOf' in value ? { ...value, anyOf: undefined } : value;
}
