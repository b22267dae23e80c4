import type { components } from './generated/api.ts';

export { createClient, type ApiClient } from './client.ts';
export type { paths } from './generated/api.ts';
export type { EndCode } from './renew.ts';
export { createSession, type Session, type SessionOptions } from './session.ts';
export type { Tokens, TokenStorage } from './token-store.ts';

/** The types of the bodies by name: `Schemas['Note']`. */
export type Schemas = components['schemas'];
