import { randomUUID } from 'node:crypto';
import { Schema, type Connection } from 'mongoose';

/**
 * The set of active admins, in one document, so that "there is another one" and "leave" are one write. To be in it
 * without being an admin would let the last one go, so nobody enters but with a ticket that every leave makes void:
 * announce, make the profile an admin's, admit. An admin who is left out by an accident is only not counted as the other
 * one that must remain, until the role is asked for again.
 */
interface AdminGate {
  _id: string;
  ids: string[];
  tickets: Record<string, string>;
}

const schema = new Schema<AdminGate>(
  { _id: { type: String, required: true }, ids: [String], tickets: Schema.Types.Mixed },
  { collection: 'adminGate', versionKey: false, minimize: false },
);

const gate = { _id: 'admins' };
const ticketOf = (id: string) => `tickets.${id}`;

export type AdminGateRepository = Awaited<ReturnType<typeof adminGateRepository>>;

/** The one file that knows the collection. Resolves when the document exists. */
export async function adminGateRepository(db: Connection) {
  const gates = db.model('AdminGate', schema);
  await gates.updateOne(gate, { $setOnInsert: { ids: [], tickets: {} } }, { upsert: true });

  return {
    isEmpty: async (): Promise<boolean> =>
      (await gates.exists({ ...gate, 'ids.0': { $exists: false } })) !== null,

    has: async (id: string): Promise<boolean> => (await gates.exists({ ...gate, ids: id })) !== null,

    /** A ticket for somebody who is about to become an active admin. */
    async announce(id: string): Promise<string> {
      const ticket = randomUUID();
      await gates.updateOne(gate, { $set: { [ticketOf(id)]: ticket } });
      return ticket;
    },

    /** Takes an active admin in, unless a leave has come between. */
    async admit(id: string, ticket: string): Promise<void> {
      await gates.updateOne(
        { ...gate, [ticketOf(id)]: ticket },
        { $addToSet: { ids: id }, $unset: { [ticketOf(id)]: 1 } },
      );
    },

    /** Lets somebody out who is about to be an active admin no more; false when nobody else is left. */
    async leave(id: string): Promise<boolean> {
      const { matchedCount } = await gates.updateOne(
        { ...gate, $or: [{ ids: { $ne: id } }, { 'ids.1': { $exists: true } }] },
        { $pull: { ids: id }, $unset: { [ticketOf(id)]: 1 } },
      );
      return matchedCount === 1;
    },
  };
}
