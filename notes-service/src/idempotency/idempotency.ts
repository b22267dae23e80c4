import { Problem, problems, problemType } from '@polyglot-notes/service-kit';
import type { OwnerWrite } from '../owners/owner-writes.ts';
import { fingerprintOf } from './fingerprint.ts';
import { createKeysRepository, type KeyedState, type StoredAnswer } from './idempotency.repository.ts';

export const idempotencyKeyReused = problemType(
  409,
  'idempotency_key_reused',
  'The Idempotency-Key belongs to another request',
);

const name = 'Idempotency-Key';
const replayed = 'Idempotency-Replayed';

export type { KeyedState };

/** For the declaration of a route. */
export const idempotencyHeaders = {
  [name]:
    'A key of 1 to 255 printable ASCII characters that you choose for this request, such as a UUID. A repeat with the same key and body within 24 hours changes nothing and gets the first answer. Only successes are kept.',
};
export const replayedHeader = {
  [replayed]: '`true` if the answer is that of an earlier request with this key.',
};

/** A request with an idempotency key. */
export interface KeyedRequest {
  key: string;
  fingerprint: string;
}

/** An answer to a request, as a handler returns it. */
export interface Answer {
  status: number;
  headers?: Record<string, string>;
  body: unknown;
}

/**
 * The idempotency key of a request, with the fingerprint of the request; undefined without the header. `body` is what the
 * request asks for: two bodies with the same parsed value are the same request. Throws `validation_failed`.
 */
export function keyedRequest(
  header: (name: string) => string | undefined,
  { method, path, body }: { method: string; path: string; body: unknown },
): KeyedRequest | undefined {
  const key = header(name);
  if (key === undefined) return undefined;
  if (!/^[ -~]{1,255}$/.test(key)) {
    const message = 'must be 1 to 255 printable ASCII characters';
    throw new Problem(problems.validationFailed, {
      errors: [{ path: `header.${name.toLowerCase()}`, message }],
    });
  }
  return { key, fingerprint: fingerprintOf(method, path, body) };
}

/**
 * What is stored for the key of a request, in the transaction of the owner; undefined if the request is new. Throws
 * `idempotency_key_reused` if another request used the key.
 */
export async function findKeyedState(
  write: OwnerWrite,
  { key, fingerprint }: KeyedRequest,
): Promise<KeyedState | undefined> {
  const state = await createKeysRepository(write).find(key);
  if (state !== undefined && state.fingerprint !== fingerprint) throw new Problem(idempotencyKeyReused);
  return state;
}

/**
 * Carries out `effect` once per key, in the transaction of the owner, and stores its answer there. A repeat gets the stored
 * answer. An effect that throws stores nothing. The answer may pass the limit of the storage by `room` bytes.
 */
export async function answerOnce<Reply extends Answer>(
  write: OwnerWrite,
  request: KeyedRequest | undefined,
  effect: () => Promise<Reply>,
  room = 0,
): Promise<Reply> {
  if (request === undefined) return effect();
  const state = await findKeyedState(write, request);
  // The fingerprint says that `effect` gave it.
  if (state?.answer !== undefined) return replay(state.answer) as Reply;
  const reply = await effect();
  await storeAnswer(write, request, reply, room);
  return reply;
}

/** Stores the answer to a request, in place of its progress. */
function storeAnswer(
  write: OwnerWrite,
  { key, fingerprint }: KeyedRequest,
  { status, headers = {}, body }: Answer,
  room: number,
): Promise<void> {
  const answer = { status, headers, body: JSON.stringify(body) };
  return createKeysRepository(write).put(key, { fingerprint, answer }, room);
}

/** Stores how far a request of several transactions has come. `find` returns it until the answer is stored. */
export const storeProgress = (
  write: OwnerWrite,
  { key, fingerprint }: KeyedRequest,
  progress: NonNullable<KeyedState['progress']>,
  room: number,
): Promise<void> => createKeysRepository(write).put(key, { fingerprint, progress }, room);

/** A stored answer as a reply. */
export const replay = ({ status, headers, body }: StoredAnswer): Answer => ({
  status,
  headers: { ...headers, [replayed]: 'true' },
  body: JSON.parse(body),
});
