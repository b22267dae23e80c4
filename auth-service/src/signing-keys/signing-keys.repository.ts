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
  /** 1 for the first key. Unique, so only one of several processes that start at once creates it. */
  sequence: number;
  publicJwk: PublicJwk;
  /** The private key in PKCS #8 PEM, sealed, with the id as its label. */
  sealedPrivateKey: string;
  createdAt: Date;
}

const schema = new Schema<SigningKeyDocument>(
  {
    _id: { type: String, required: true },
    sequence: { type: Number, required: true },
    publicJwk: { type: Schema.Types.Mixed, required: true },
    sealedPrivateKey: { type: String, required: true },
    createdAt: { type: Date, required: true },
  },
  { collection: 'signingKeys', versionKey: false },
);

export type SigningKeysRepository = ReturnType<typeof createSigningKeysRepository>;

export function createSigningKeysRepository(db: Connection) {
  const keys = db.model('SigningKey', schema);
  return {
    all: () => keys.find().sort({ sequence: 1 }).lean<SigningKeyDocument[]>().exec(),

    async insertOnce(key: SigningKeyDocument): Promise<void> {
      try {
        await keys.create(key);
      } catch (error) {
        if (!isDuplicateKey(error)) throw error;
      }
    },
  };
}
