import type { OpenApiDocument } from '@polyglot-notes/service-kit';
import openapiTS, { astToString } from 'openapi-typescript';

const header = '// Generated from openapi.json by "npm run generate".\n\n';

/** The TypeScript types of the API, for the client. */
export const clientTypes = async (document: OpenApiDocument): Promise<string> =>
  // A field of a request that has a default may be omitted.
  header + astToString(await openapiTS(JSON.stringify(document), { defaultNonNullable: false }));
