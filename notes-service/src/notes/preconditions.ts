/** The strong entity tag of a note version (RFC 9110, section 8.8.3). */
export const entityTag = (version: number): string => `"${version}"`;

/** Whether the version satisfies an If-Match header (RFC 9110, section 13.1.1). A missing header matches. */
function matchesIfMatch(ifMatch: string | undefined, version: number): boolean {
  if (ifMatch === undefined || ifMatch.trim() === '*') return true;
  return ifMatch.split(',').some((tag) => tag.trim() === entityTag(version));
}

/** Whether an If-None-Match header (RFC 9110, section 13.1.2) names the version. A missing header names none. */
export function matchesIfNoneMatch(ifNoneMatch: string | undefined, version: number): boolean {
  if (ifNoneMatch === undefined) return false;
  return ifNoneMatch.trim() === '*' || opaqueTags(ifNoneMatch).includes(entityTag(version));
}

/** The conditional headers of a request that changes a note. */
export interface Preconditions {
  ifMatch: string | undefined;
  ifNoneMatch: string | undefined;
}

export const preconditionsOf = (header: (name: string) => string | undefined): Preconditions => ({
  ifMatch: header('if-match'),
  ifNoneMatch: header('if-none-match'),
});

/** Whether a change of the version may go ahead (RFC 9110, section 13.2.2). */
export const allowChange = ({ ifMatch, ifNoneMatch }: Preconditions, version: number): boolean =>
  matchesIfMatch(ifMatch, version) && !matchesIfNoneMatch(ifNoneMatch, version);

// If-None-Match uses the weak comparison, because a cache may weaken a tag.
const opaqueTags = (list: string) => list.split(',').map((tag) => tag.trim().replace(/^W\//, ''));
