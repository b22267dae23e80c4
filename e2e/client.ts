import { createClient } from '@polyglot-notes/service-kit/testing';
import type { TestSystem } from '@polyglot-notes/local-stack/testing';

/** The shared system of a run, as `setup.ts` describes it to the tests; a remote one has a gateway and an admin only. */
export type SharedSystem = Pick<TestSystem, 'urls' | 'admin' | 'logFiles' | 'mongo' | 'databaseUrl'>;

export const shared = JSON.parse(process.env['E2E_SYSTEM'] ?? '{"urls":{}}') as SharedSystem;
export const { urls } = shared;

/** A client of the shared system's gateway. */
export const api = createClient(urls.gateway);
export const { call } = api;
