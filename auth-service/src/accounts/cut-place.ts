/** A place in the feed of those who were cut off: by the time of that, then by id. */
export interface CutPlace {
  cutAt: Date;
  id: string;
}

/** What comes after a place; to be sorted by `cutAt` and `_id`. */
export const comesAfter = ({ cutAt, id }: CutPlace) => ({
  $or: [{ cutAt: { $gt: cutAt } }, { cutAt, _id: { $gt: id } }],
});
