// The long run of schema.test.ts.
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { readDocument } from '../openapi-document.ts';
import { createSchemaFuzz } from '../schema-fuzz.ts';
import { startSystem, type System } from '../systems.ts';

let system: System;
beforeAll(async () => {
  system = await startSystem();
});
afterAll(() => system.close());

test('answers generated requests as the OpenAPI document says', async () => {
  const { api } = system;
  const document = await readDocument(api);
  const firstFault = await createSchemaFuzz({ document, api, admin: await system.asAdmin(), runs: 25 });
  const faults = await Promise.all(
    document.operations.map(async (operation) => [operation.name, await firstFault(operation)]),
  );
  expect(faults.filter(([, fault]) => fault !== '')).toEqual([]);
});
