import { isDuplicateKey } from '@polyglot-notes/mongo-kit';
import { Schema, type Connection } from 'mongoose';

export interface PublicJwk {
  kty: 'RSA';
  n: string;
  e: string;
  kid: string;
  alg: 'RS256';
  use: 'sig';
}

export interface SigningKeyDocument {
  /** The key id: the thumbprint of the public key. */
  _id: string;
  /** 1 for the first key. Unique, so only one of several processes at once creates the next key. */
  sequence: number;
  publicJwk: PublicJwk;
  /** The private key in PKCS #8 PEM, sealed, with the id as its label. */
  sealedPrivateKey: string;
  createdAt: Date;
  /** Another key signs until then. */
  signsFrom: Date;
}

const schema = new Schema<SigningKeyDocument>(
  {
    _id: { type: String, required: true },
    sequence: { type: Number, required: true },
    publicJwk: { type: Schema.Types.Mixed, required: true },
    sealedPrivateKey: { type: String, required: true },
    createdAt: { type: Date, required: true },
    signsFrom: { type: Date, required: true },
  },
  { collection: 'signingKeys', versionKey: false },
);

export type SigningKeysRepository = ReturnType<typeof createSigningKeysRepository>;

export function createSigningKeysRepository(db: Connection) {
  const keys = db.model('SigningKey', schema);
  return {
    all: () => keys.find().sort({ sequence: 1 }).lean<SigningKeyDocument[]>().exec(),

    /** Returns false when another process has created a key with the same sequence. */
    async insertOnce(key: SigningKeyDocument): Promise<boolean> {
      try {
        await keys.create(key);
        return true;
      } catch (error) {
        if (isDuplicateKey(error)) return false;
        throw error;
      }
    },

    /** Returns false when the private key is no longer sealed as `from`. */
    async reseal(id: string, from: string, to: string): Promise<boolean> {
      const { modifiedCount } = await keys
        .updateOne({ _id: id, sealedPrivateKey: from }, { $set: { sealedPrivateKey: to } })
        .exec();
      return modifiedCount === 1;
    },

    async remove(id: string): Promise<void> {
      await keys.deleteOne({ _id: id }).exec();
    },
  };
}
