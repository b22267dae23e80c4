import { describe, test } from '@jest/globals';
import { startTestSystem, testServers, type TestServers } from '@polyglot-notes/local-stack/testing';
import { createClient, logIn, type Client } from '@polyglot-notes/service-kit/testing';
import { shared } from './client.ts';

/** Whether the tests use a system that somebody else has started, of which they know the gateway and the mail page. */
export const isRemote = process.env['E2E_URL'] !== undefined;

/** For tests that need more than the gateway of the shared system: its databases, logs or ports. */
export const describeOwn = isRemote ? describe.skip : describe;
export const testOwn = isRemote ? test.skip : test;

export type System = Awaited<ReturnType<typeof startSystem>>;

/** A system of its own for a test file that kills parts of it or needs other settings. */
export async function startSystem(
  environment: Record<string, string> = {},
  processEnvironment: Record<string, string> = {},
  servers: TestServers = testServers(),
) {
  const system = await startTestSystem(servers, environment, processEnvironment);
  const api = createClient(system.urls.gateway);
  return { ...system, api, asAdmin: () => adminOf(api, system.admin) };
}

interface SystemForTests {
  api: Client;
  admin: { email: string; password: string };
  /** A client that has just logged in as the first admin. */
  asAdmin(this: void): Promise<Client>;
  /** The whole system, unless it is a remote one. */
  own: System | undefined;
  close(): Promise<void>;
}

/** A system whose only admin no other test file changes: one of its own with these settings, or the remote one. */
export async function systemForTests(environment: Record<string, string> = {}): Promise<SystemForTests> {
  if (!isRemote) {
    const own = await startSystem(environment);
    return { api: own.api, admin: own.admin, asAdmin: own.asAdmin, own, close: () => own.close() };
  }
  return {
    api: sharedApi,
    admin: shared.admin,
    asAdmin: asSharedAdmin,
    own: undefined,
    close: async () => {},
  };
}

const sharedApi = createClient(shared.urls.gateway);

/** A client that has just logged in as the first admin of the shared system. */
export const asSharedAdmin = (): Promise<Client> => adminOf(sharedApi, shared.admin);

const adminOf = async (client: Client, admin: { email: string; password: string }): Promise<Client> =>
  client.as(await logIn(client, admin));
