import { describe, test } from '@jest/globals';
import { startTestSystem, testServers, type TestSystem } from '@polyglot-notes/local-stack/testing';
import { urls } from './client.ts';

/**
 * Whether the tests are to look at a system that somebody else has started, of which they see what its users see: the
 * gateway and the mail page.
 */
export const isRemote = process.env['E2E_URL'] !== undefined;

/** For what needs a system of one's own: other settings, parts that are killed, a look behind the gateway. */
export const describeOwn = isRemote ? describe.skip : describe;
export const testOwn = isRemote ? test.skip : test;

interface SystemForTests {
  gateway: string;
  admin: { email: string; password: string };
  /** All of it, if it is the tests' own. */
  own: TestSystem | undefined;
  close(): Promise<void>;
}

/** A system with its first admin for the tests of one file: one of their own, or the remote one. */
export async function systemForTests(): Promise<SystemForTests> {
  if (!isRemote) {
    const own = await startTestSystem(testServers());
    return { gateway: own.urls.gateway, admin: own.admin, own, close: () => own.close() };
  }
  const { E2E_ADMIN_EMAIL: email = '', E2E_ADMIN_PASSWORD: password = '' } = process.env;
  return { gateway: urls.gateway, admin: { email, password }, own: undefined, close: async () => {} };
}
