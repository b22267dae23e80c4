import { createHash, createPrivateKey, createPublicKey, generateKeyPair, type KeyObject } from 'node:crypto';
import { promisify } from 'node:util';
import { StartError } from '@polyglot-notes/service-kit';
import { seal, unseal } from './sealing.ts';
import type { PublicJwk, SigningKeyDocument, SigningKeysRepository } from './signing-keys.repository.ts';

export interface SigningKeys {
  /** The key that signs now. */
  current(this: void): { id: string; privateKey: KeyObject };
  /** A JWK Set (RFC 7517) of all public keys. */
  jwks(this: void): { keys: PublicJwk[] };
  publicKeys: { find(kid: string): Promise<KeyObject | undefined>; loaded(): boolean };
}

/** Reads the signing keys, and creates the first one if there is none. Throws a StartError when `sealingKey` cannot decrypt them. */
export async function loadSigningKeys(
  repository: SigningKeysRepository,
  sealingKey: Buffer,
  clock: () => Date,
): Promise<SigningKeys> {
  let documents = await repository.all();
  if (documents.length === 0) {
    await repository.insertOnce(await createKey(sealingKey, clock()));
    documents = await repository.all();
  }
  const newest = documents.at(-1);
  if (newest === undefined) throw new Error('the new signing key cannot be read');
  const publicKeys = new Map(
    documents.map(({ _id, publicJwk }) => [_id, createPublicKey({ key: { ...publicJwk }, format: 'jwk' })]),
  );
  const current = { id: newest._id, privateKey: openKey(newest, sealingKey) };
  const jwks = { keys: documents.map(({ publicJwk }) => publicJwk) };
  return {
    current: () => current,
    jwks: () => jwks,
    publicKeys: { find: async (kid) => publicKeys.get(kid), loaded: () => true },
  };
}

async function createKey(sealingKey: Buffer, now: Date): Promise<SigningKeyDocument> {
  const { publicKey, privateKey } = await promisify(generateKeyPair)('rsa', { modulusLength: 2_048 });
  const { n = '', e = '' } = publicKey.export({ format: 'jwk' });
  const kty = 'RSA';
  // The thumbprint of RFC 7638: the required members in lexicographic order, without whitespace.
  const kid = createHash('sha256').update(JSON.stringify({ e, kty, n })).digest('base64url');
  const pem = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
  return {
    _id: kid,
    sequence: 1,
    publicJwk: { kty, n, e, kid, alg: 'RS256', use: 'sig' },
    sealedPrivateKey: seal(pem, sealingKey, kid),
    createdAt: now,
  };
}

function openKey({ _id, sealedPrivateKey }: SigningKeyDocument, sealingKey: Buffer): KeyObject {
  try {
    return createPrivateKey(unseal(sealedPrivateKey, sealingKey, _id));
  } catch (cause) {
    throw new StartError(
      'KEY_ENCRYPTION_KEY cannot decrypt the signing key in the database: set the key that encrypted it.',
      { cause },
    );
  }
}
