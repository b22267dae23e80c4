import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';

const algorithm = 'aes-256-gcm';

/** Encrypts `plain` with AES-256-GCM under `key` (32 bytes). The same `label` is needed to decrypt it. */
export function seal(plain: string, key: Buffer, label: string): string {
  const iv = randomBytes(12);
  const cipher = createCipheriv(algorithm, key, iv).setAAD(Buffer.from(label));
  const sealed = Buffer.concat([cipher.update(plain, 'utf8'), cipher.final()]);
  return [iv, cipher.getAuthTag(), sealed].map((part) => part.toString('base64url')).join('.');
}

export interface SealingKeys {
  current: Buffer;
  /** Also opens what was sealed before the current key was set. */
  previous: Buffer | undefined;
}

/** Decrypts a text that one of the keys has sealed. Undefined when none of them opens it. */
export function unsealWithAny(sealed: string, keys: SealingKeys, label: string) {
  for (const sealedWith of ['current', 'previous'] as const) {
    const key = keys[sealedWith];
    const plain = key && tryUnseal(sealed, key, label);
    if (plain !== undefined) return { plain, sealedWith };
  }
  return undefined;
}

function tryUnseal(sealed: string, key: Buffer, label: string): string | undefined {
  try {
    return unseal(sealed, key, label);
  } catch {
    return undefined;
  }
}

/** Decrypts a sealed text. Throws when the key or the label differs, and when a byte has changed. */
export function unseal(sealed: string, key: Buffer, label: string): string {
  const [iv, tag, body] = sealed.split('.').map((part) => Buffer.from(part, 'base64url'));
  if (!iv || !tag || !body) throw new Error('not a sealed text');
  const decipher = createDecipheriv(algorithm, key, iv, { authTagLength: 16 })
    .setAAD(Buffer.from(label))
    .setAuthTag(tag);
  return Buffer.concat([decipher.update(body), decipher.final()]).toString('utf8');
}
