import { createHash, hkdfSync, randomBytes } from 'node:crypto';
import { seal, unseal } from '../sealing/sealing.ts';

const locatorLength = 22;
const secretLength = 43;
const form = new RegExp(`^[A-Za-z0-9_-]{${locatorLength + secretLength}}$`);

/**
 * An opaque refresh token: a locator of 128 random bits, which all tokens of a session have in common, and a secret of
 * 256 random bits. With the locator, a spent token of any age is recognised although only hashes are stored.
 */
export interface RefreshToken {
  text: string;
  locatorHash: string;
  hash: string;
}

const sha256 = (text: string) => createHash('sha256').update(text).digest('base64url');

const tokenOf = (text: string): RefreshToken => ({
  text,
  locatorHash: sha256(text.slice(0, locatorLength)),
  hash: sha256(text),
});

/** The first refresh token of a session. */
export const firstToken = (): RefreshToken =>
  tokenOf(randomBytes(16).toString('base64url') + randomBytes(32).toString('base64url'));

/** A token that replaces `previous`. */
export const nextToken = (previous: RefreshToken): RefreshToken =>
  tokenOf(previous.text.slice(0, locatorLength) + randomBytes(32).toString('base64url'));

/** Undefined for a text that cannot be a refresh token. */
export const parseToken = (text: string): RefreshToken | undefined =>
  form.test(text) ? tokenOf(text) : undefined;

/** A key that only the holder of the token can derive (RFC 5869): the database stores no more than its hash. */
const keyOf = ({ text }: RefreshToken) =>
  Buffer.from(hkdfSync('sha256', text, '', 'successor of a refresh token', 32));

/** Encrypts the text of `successor` with a key that is derived from `token`. */
export const sealSuccessor = (token: RefreshToken, successor: RefreshToken): string =>
  seal(successor.text, keyOf(token), token.hash);

export const openSuccessor = (token: RefreshToken, sealed: string): RefreshToken =>
  tokenOf(unseal(sealed, keyOf(token), token.hash));
