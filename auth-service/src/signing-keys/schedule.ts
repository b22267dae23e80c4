import { clockToleranceSeconds, maxAccessTokenSeconds } from '@polyglot-notes/service-kit';
import type { SigningKeyDocument } from './signing-keys.repository.ts';

/**
 * `published`: signs later. `signing`: signs now. `retiring`: signs no more, but its tokens may still be valid. `expired`:
 * published no more.
 */
export type KeyState = 'published' | 'signing' | 'retiring' | 'expired';

export interface ScheduledKey<Key> {
  key: Key;
  state: KeyState;
  /** When a later key signs instead; undefined while there is none. */
  replacedAt: Date | undefined;
  /** When its last token has expired. */
  publishedUntil: Date | undefined;
}

/** The state of each key at `now`. `keys` are in the order of their sequence. */
export function schedule<Key extends Pick<SigningKeyDocument, 'signsFrom'>>(
  keys: readonly Key[],
  now: Date,
): ScheduledKey<Key>[] {
  // The first key signs at once, also by the clock of another process.
  const signing = keys.findLastIndex(({ signsFrom }, index) => index === 0 || signsFrom <= now);
  return keys.map((key, index) => {
    const replacedAt = earliest(keys.slice(index + 1));
    const publishedUntil = replacedAt && lastTokenExpiry(replacedAt, maxAccessTokenSeconds);
    return { key, state: stateOf(index - signing, publishedUntil, now), replacedAt, publishedUntil };
  });
}

/** When the last token of a key has expired, if another key signs from `replacedAt` on. */
export const lastTokenExpiry = (replacedAt: Date, lifetimeSeconds: number): Date =>
  new Date(replacedAt.getTime() + (lifetimeSeconds + clockToleranceSeconds) * 1_000);

function stateOf(distance: number, publishedUntil: Date | undefined, now: Date): KeyState {
  if (distance > 0) return 'published';
  if (distance === 0) return 'signing';
  return publishedUntil !== undefined && publishedUntil <= now ? 'expired' : 'retiring';
}

const earliest = (keys: readonly Pick<SigningKeyDocument, 'signsFrom'>[]): Date | undefined =>
  keys.map(({ signsFrom }) => signsFrom).toSorted((a, b) => a.getTime() - b.getTime())[0];
