/** A place in the feed of those who were cut off: by the time of that, then by id. */
export interface FeedPosition {
  revokedAt: Date;
  id: string;
}

/** What comes after a place; to be sorted by `revokedAt` and `_id`. */
export const comesAfter = ({ revokedAt, id }: FeedPosition) => ({
  $or: [{ revokedAt: { $gt: revokedAt } }, { revokedAt, _id: { $gt: id } }],
});
