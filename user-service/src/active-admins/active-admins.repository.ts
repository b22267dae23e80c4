import { Problem, problemType } from '@polyglot-notes/service-kit';
import { Schema, type Connection } from 'mongoose';

export const lastAdmin = problemType(409, 'last_admin', 'There would be no active admin left');

interface Removal {
  version: number;
  at: Date;
}

/**
 * The active-admin set, in one document, so that the check for another admin and the removal are one write. An id in the
 * set must belong to an active admin, or the last one could be removed. Therefore an account is removed before it stops
 * being an active admin, and only a later version of it can be added again. A missing active admin does no harm, except
 * not counting as the other admin who must remain.
 */
interface ActiveAdmins {
  _id: string;
  ids: string[];
  /** The removed accounts that were not added again, by id. */
  removed: Record<string, Removal>;
}

const theSet = { _id: 'admins' };

const schema = new Schema<ActiveAdmins>(
  { _id: { type: String, required: true }, ids: [String], removed: Schema.Types.Mixed },
  { collection: 'activeAdmins', versionKey: false, minimize: false },
);

const withAnotherThan = (id: string) => ({ ...theSet, ids: { $elemMatch: { $ne: id } } });

export type ActiveAdminsRepository = ReturnType<typeof createActiveAdminsRepository>;

export function createActiveAdminsRepository(db: Connection, { clock }: { clock: () => Date }) {
  const sets = db.model('ActiveAdmins', schema);
  const read = () => sets.findOne(theSet).lean<ActiveAdmins>().orFail().exec();

  return {
    isEmpty: async (): Promise<boolean> => (await read()).ids.length === 0,

    all: async (): Promise<string[]> => (await read()).ids,

    has: async (id: string): Promise<boolean> => (await sets.exists({ ...theSet, ids: id })) !== null,

    /** Adds an active admin, unless the account was removed at this version or a later one. */
    async add(id: string, version: number): Promise<void> {
      await sets.updateOne(
        { ...theSet, [`removed.${id}.version`]: { $not: { $gte: version } } },
        { $addToSet: { ids: id }, $unset: { [`removed.${id}`]: 1 } },
      );
    },

    /** Removes an account that is about to stop being an active admin. Throws `last_admin`. */
    async remove(id: string, version: number): Promise<void> {
      const { matchedCount } = await sets.updateOne(withAnotherThan(id), {
        $pull: { ids: id },
        $max: { [`removed.${id}.version`]: version },
        $set: { [`removed.${id}.at`]: clock() },
      });
      if (matchedCount === 0) throw new Problem(lastAdmin);
    },

    /** The ids that were removed before `time` and not added again. */
    async removedBefore(time: Date): Promise<string[]> {
      const { ids, removed } = await read();
      return Object.entries(removed)
        .filter(([id, { at }]) => at < time && !ids.includes(id))
        .map(([id]) => id);
    },

    /** Removes an id that is not an active admin. False when the set has no other one. */
    async discard(id: string): Promise<boolean> {
      const { matchedCount } = await sets.updateOne(withAnotherThan(id), { $pull: { ids: id } });
      return matchedCount === 1;
    },
  };
}
