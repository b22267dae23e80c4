import {
  startTestSystem,
  stopTestDatabases,
  testDatabases,
  type TestSystem,
} from '@polyglot-notes/local-stack/testing';

/** Runs a measurement on a whole system of its own, which is stopped afterwards. */
export async function onTestSystem(
  measure: (system: TestSystem) => Promise<void>,
  environment: Record<string, string> = {},
): Promise<void> {
  try {
    const system = await startTestSystem(await testDatabases(), environment);
    try {
      await measure(system);
    } finally {
      await system.close();
    }
  } finally {
    await stopTestDatabases();
  }
}
