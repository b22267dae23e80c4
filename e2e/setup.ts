// Jest's globalSetup: the four services as processes on real databases, described to the tests by the environment. With
// E2E_URL the tests use the system there, with its mail page at E2E_MAIL_URL and E2E_ADMIN_EMAIL and E2E_ADMIN_PASSWORD
// for its only admin; it must run without limits.
import { startTestSystem, testServers, type TestSystem } from '@polyglot-notes/local-stack/testing';
import startDatabases from '@polyglot-notes/local-stack/testing/setup';

export default async function setup(): Promise<void> {
  const remote = process.env['E2E_URL'];
  if (remote !== undefined) return useRemote(remote);
  await startDatabases();
  const system = await startTestSystem(testServers());
  const run: typeof process & { testSystem?: TestSystem } = process;
  run.testSystem = system;
  const { urls, admin, logFiles, mongo, databaseUrl } = system;
  process.env['E2E_SYSTEM'] = JSON.stringify({ urls, admin, logFiles, mongo, databaseUrl });
}

async function useRemote(gateway: string): Promise<void> {
  const { headers } = await fetch(`${gateway}/api/notes`).catch((cause: unknown) => {
    throw new Error(`Nothing answers at E2E_URL, ${gateway}.`, { cause });
  });
  if (headers.has('RateLimit'))
    throw new Error(
      'The system at E2E_URL has limits: start it with RATE_LIMIT_MAX=0, RATE_LIMIT_AUTH_MAX=0 and RATE_LIMIT_REFRESH_MAX=0.',
    );
  const { E2E_ADMIN_EMAIL: email = '', E2E_ADMIN_PASSWORD: password = '' } = process.env;
  process.env['E2E_SYSTEM'] = JSON.stringify({ urls: { gateway }, admin: { email, password }, logFiles: {} });
  process.env['TEST_MAIL_URL'] = process.env['E2E_MAIL_URL'] ?? 'http://127.0.0.1:1080';
}
