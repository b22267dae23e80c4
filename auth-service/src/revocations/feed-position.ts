/** A position in the revocation feed, which is sorted by time and then by id. */
export interface FeedPosition {
  revokedAt: Date;
  id: string;
}

export const isAfter = ({ revokedAt, id }: FeedPosition) => ({
  $or: [{ revokedAt: { $gt: revokedAt } }, { revokedAt, _id: { $gt: id } }],
});
