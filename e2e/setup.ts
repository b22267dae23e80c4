// Jest's globalSetup: the four services as processes on real databases, told to the tests by the environment.
import { startTestSystem, testServers, type TestSystem } from '@polyglot-notes/local-stack/testing';
import startDatabases from '@polyglot-notes/local-stack/testing/setup';

export default async function setup(): Promise<void> {
  await startDatabases();
  const system = await startTestSystem(testServers());
  const run: typeof process & { testSystem?: TestSystem } = process;
  run.testSystem = system;
  process.env['E2E_URLS'] = JSON.stringify(system.urls);
  process.env['E2E_LOGS'] = JSON.stringify(system.logFiles);
}
