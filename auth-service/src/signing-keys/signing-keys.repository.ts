import { mongo, Schema, type Connection } from 'mongoose';

/** An RSA public key as a JWK (RFC 7517). */
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
  /** 1 for the first key; unique, so that of several processes that start at once only one makes it. */
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
schema.index({ sequence: 1 }, { unique: true });

export type SigningKeysRepository = Awaited<ReturnType<typeof signingKeysRepository>>;

/** The one file that knows the collection. Resolves when its indexes stand. */
export async function signingKeysRepository(db: Connection) {
  const keys = db.model('SigningKey', schema);
  await keys.createIndexes();
  return {
    all: () => keys.find().sort({ sequence: 1 }).lean<SigningKeyDocument[]>().exec(),

    /** Keeps the key unless there is one with its sequence number already. */
    async insertOnce(key: SigningKeyDocument): Promise<void> {
      try {
        await keys.create(key);
      } catch (error) {
        if (!(error instanceof mongo.MongoServerError && error.code === 11_000)) throw error;
      }
    },
  };
}
