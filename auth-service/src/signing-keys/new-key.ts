import { createHash, generateKeyPair } from 'node:crypto';
import { promisify } from 'node:util';
import { seal } from '../sealing/sealing.ts';
import type { SigningKeyDocument } from './signing-keys.repository.ts';

interface NewKeyOptions {
  sequence: number;
  sealingKey: Buffer;
  clock: () => Date;
  /** The time from the creation to the first signature. */
  leadSeconds: number;
}

/** Makes an RSA key pair, with its private key sealed. The times count from when the pair exists. */
export async function createKey(options: NewKeyOptions): Promise<SigningKeyDocument> {
  const { publicKey, privateKey } = await promisify(generateKeyPair)('rsa', { modulusLength: 2_048 });
  const { n = '', e = '' } = publicKey.export({ format: 'jwk' });
  const kty = 'RSA';
  // The thumbprint of RFC 7638: the required members in lexicographic order, without whitespace.
  const kid = createHash('sha256').update(JSON.stringify({ e, kty, n })).digest('base64url');
  const pem = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
  const createdAt = options.clock();
  return {
    _id: kid,
    sequence: options.sequence,
    publicJwk: { kty, n, e, kid, alg: 'RS256', use: 'sig' },
    sealedPrivateKey: seal(pem, options.sealingKey, kid),
    createdAt,
    signsFrom: new Date(createdAt.getTime() + options.leadSeconds * 1_000),
  };
}
