/** A position in the revocation feed, which is sorted by time and then by id. */
export interface FeedPosition {
  revokedAt: Date;
  id: string;
}

/**
 * The filters whose results follow a position, one after the other. A single filter with `$or` would sort all later
 * entries in DocumentDB.
 */
export const filtersAfter = ({ revokedAt, id }: FeedPosition) =>
  id === ''
    ? [{ revokedAt: { $gte: revokedAt } }]
    : [{ revokedAt, _id: { $gt: id } }, { revokedAt: { $gt: revokedAt } }];
