import { stopTestDatabases, type TestSystem } from '@polyglot-notes/local-stack/testing';

export default async function teardown(): Promise<void> {
  const run: typeof process & { testSystem?: TestSystem } = process;
  await run.testSystem?.close();
  await stopTestDatabases();
}
