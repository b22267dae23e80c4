import { Schema, type Connection } from 'mongoose';
import type { ProfileDocument } from '../profiles/profile.model.ts';

/**
 * The set of active admins, in one document, so that "there is another one" and "leave" are one write. To be in it
 * without being an admin would let the last one go. So everyone who is about to be an active admin no more leaves first,
 * and says by which version of their account: nobody enters by that version, or an earlier one, any more, and nobody
 * leaves by a version before the one by which they are in. An admin who is left out is only not counted as the other one
 * that must remain.
 */
interface ActiveAdmins {
  _id: string;
  ids: string[];
  /** Of everyone who has entered or left, the version by which they last did. */
  enteredBy: Record<string, number>;
  leftBy: Record<string, number>;
}

/** Whether an account is one of those that the gate is about. */
export const isActiveAdmin = ({ role, status }: Pick<ProfileDocument, 'role' | 'status'>): boolean =>
  role === 'admin' && status === 'active';

const schema = new Schema<ActiveAdmins>(
  {
    _id: { type: String, required: true },
    ids: [String],
    enteredBy: Schema.Types.Mixed,
    leftBy: Schema.Types.Mixed,
  },
  { collection: 'activeAdmins', versionKey: false, minimize: false },
);

const gate = { _id: 'admins' };
const enteredBy = (id: string) => `enteredBy.${id}`;
const leftBy = (id: string) => `leftBy.${id}`;

export type ActiveAdminsRepository = Awaited<ReturnType<typeof activeAdminsRepository>>;

/** The one file that knows the collection. Resolves when the document exists. */
export async function activeAdminsRepository(db: Connection) {
  const gates = db.model('ActiveAdmins', schema);
  await gates.updateOne(gate, { $setOnInsert: { ids: [], enteredBy: {}, leftBy: {} } }, { upsert: true });
  // From before versions decided.
  await gates.updateOne(gate, { $unset: { tickets: 1 } }, { strict: false });

  return {
    isEmpty: async (): Promise<boolean> =>
      (await gates.exists({ ...gate, 'ids.0': { $exists: false } })) !== null,

    all: async (): Promise<string[]> => (await gates.findOne(gate).lean<ActiveAdmins>().orFail().exec()).ids,

    has: async (id: string): Promise<boolean> => (await gates.exists({ ...gate, ids: id })) !== null,

    /** Takes in who is an active admin by this version of their account; false if they have left by it or a later one. */
    async admit(id: string, version: number): Promise<boolean> {
      const { matchedCount } = await gates.updateOne(
        { ...gate, [leftBy(id)]: { $not: { $gte: version } } },
        { $addToSet: { ids: id }, $max: { [enteredBy(id)]: version } },
      );
      return matchedCount === 1;
    },

    /**
     * Lets out who is about to be an active admin no more, after this version. `last` when nobody else is in it, and
     * `later` when they have entered by a later version: then the account is not the one that was read.
     */
    async leave(id: string, version: number): Promise<'left' | 'last' | 'later'> {
      const { matchedCount } = await gates.updateOne(
        {
          ...gate,
          [enteredBy(id)]: { $not: { $gt: version } },
          $or: [{ ids: { $ne: id } }, { 'ids.1': { $exists: true } }],
        },
        { $pull: { ids: id }, $max: { [leftBy(id)]: version } },
      );
      if (matchedCount === 1) return 'left';
      return (await gates.exists({ ...gate, [enteredBy(id)]: { $gt: version } })) === null ? 'last' : 'later';
    },

    /** Puts out who is no active admin and is in all the same; false when nobody else is left. */
    async expel(id: string): Promise<boolean> {
      const { matchedCount } = await gates.updateOne(
        { ...gate, $or: [{ ids: { $ne: id } }, { 'ids.1': { $exists: true } }] },
        { $pull: { ids: id } },
      );
      return matchedCount === 1;
    },
  };
}
