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
  const faultsOf = async (inTurn: typeof document.operations) => {
    const faults: string[] = [];
    for (const operation of inTurn) {
      const fault = await firstFault(operation);
      if (fault !== '') faults.push(`${operation.name}: ${fault}`);
    }
    return faults;
  };
  // A user writes one note at a time, so operations on notes would wait for each other.
  const byPart = Map.groupBy(document.operations, ({ path, name }) =>
    path.startsWith('/api/notes') ? 'notes' : name,
  );
  expect((await Promise.all([...byPart.values()].map(faultsOf))).flat()).toEqual([]);
});
