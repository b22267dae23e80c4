// Sends requests that are generated from the OpenAPI document. TEST_SEED generates others.
import { beforeAll, describe, expect, test } from '@jest/globals';
import { api } from './client.ts';
import { readDocument } from './openapi-document.ts';
import { createSchemaFuzz } from './schema-fuzz.ts';
import { asSharedAdmin } from './systems.ts';

const document = await readDocument();

let firstFault: Awaited<ReturnType<typeof createSchemaFuzz>>;
beforeAll(async () => {
  firstFault = await createSchemaFuzz({ document, api, admin: await asSharedAdmin(), runs: 2 });
});

describe.each(document.operations.map((operation) => [operation.name, operation] as const))(
  '%s',
  (_name, operation) => {
    test('answers generated requests as the OpenAPI document says', async () => {
      expect(await firstFault(operation)).toBe('');
    });
  },
);
