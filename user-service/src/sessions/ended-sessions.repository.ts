import { isDuplicateKey } from '@polyglot-notes/mongo-kit';
import { Schema, type Connection } from 'mongoose';

/** A session that auth-service has ended. It is kept for longer than an access token of it can be valid. */
interface EndedSession {
  _id: string;
  endedAt: Date;
}

const schema = new Schema<EndedSession>(
  { _id: { type: String, required: true }, endedAt: Date },
  { collection: 'endedSessions', versionKey: false },
);

export type EndedSessionsRepository = ReturnType<typeof createEndedSessionsRepository>;

export function createEndedSessionsRepository(db: Connection) {
  const sessions = db.model('EndedSession', schema);
  return {
    has: async (id: string): Promise<boolean> => (await sessions.exists({ _id: id })) !== null,

    async add(id: string): Promise<void> {
      try {
        // A repeated call keeps the first time.
        const endedAt = { $ifNull: ['$endedAt', '$$NOW'] };
        await sessions.updateOne({ _id: id }, [{ $set: { endedAt } }], {
          upsert: true,
          updatePipeline: true,
        });
      } catch (error) {
        // Another call has added it at this moment.
        if (!isDuplicateKey(error)) throw error;
      }
    },
  };
}
