import { Decrypter, Encrypter, generateX25519Identity, identityToRecipient } from 'age-encryption';

export const encryptedExtension = '.age';

/** Encrypts and decrypts the files of one backup. */
export interface Encryption {
  /** Ends the names of the files. */
  extension: string;
  encrypt: (content: AsyncIterable<Buffer>) => AsyncIterable<Uint8Array>;
  /** Throws for a file that was changed, cut, or encrypted for another backup. */
  decrypt: (content: AsyncIterable<Buffer>) => AsyncIterable<Uint8Array>;
}

/** Passes everything through. */
export const noEncryption: Encryption = {
  extension: '',
  encrypt: (content) => content,
  decrypt: (content) => content,
};

/**
 * Encryption with a new key, and that key in encrypted form. The passphrase opens the key, and the key the files: deriving a
 * key from a passphrase is slow on purpose.
 */
export async function createEncryption(passphrase: string): Promise<Encryption & { sealedKey: Uint8Array }> {
  const key = await generateX25519Identity();
  const encrypter = new Encrypter();
  encrypter.setPassphrase(passphrase);
  return { ...(await encryptionWith(key)), sealedKey: await encrypter.encrypt(key) };
}

/** Throws when the passphrase is wrong or the key is damaged. */
export async function openEncryption(sealedKey: Uint8Array, passphrase: string): Promise<Encryption> {
  const decrypter = new Decrypter();
  decrypter.addPassphrase(passphrase);
  return encryptionWith(await decrypter.decrypt(sealedKey, 'text'));
}

/** Encryption with a key of age. */
export async function encryptionWith(key: string): Promise<Encryption> {
  const encrypter = new Encrypter();
  encrypter.addRecipient(await identityToRecipient(key));
  const decrypter = new Decrypter();
  decrypter.addIdentity(key);
  return {
    extension: encryptedExtension,
    async *encrypt(content) {
      yield* await encrypter.encrypt(ReadableStream.from(content));
    },
    async *decrypt(content) {
      yield* await decrypter.decrypt(ReadableStream.from(content));
    },
  };
}
