import { openApiDocument, type OpenApiDocument } from '@polyglot-notes/service-kit';
import { mergeDocuments } from '../../../gateway/src/openapi/merge.ts';
import { gatewayDocument } from '../../../gateway/src/openapi/openapi.routes.ts';
import type { Service } from './services.ts';

/** The OpenAPI document of the whole API, as the running gateway answers it. */
export function apiDocument(gateway: Service, services: readonly Service[]): OpenApiDocument {
  const documents = services.map(({ name, routes }) =>
    openApiDocument({ title: name, routes, throughGateway: true }),
  );
  const document = mergeDocuments(gatewayDocument(gateway.routes), documents);
  // Without members that are undefined, as in JSON.
  return JSON.parse(JSON.stringify(document));
}
