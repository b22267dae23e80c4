/** The strong entity tag of a note version (RFC 9110, section 8.8.3). */
export const entityTag = (version: number): string => `"${version}"`;

/** Whether the version satisfies an If-Match header (RFC 9110, section 13.1.1). A missing header matches. */
export function matchesIfMatch(ifMatch: string | undefined, version: number): boolean {
  if (ifMatch === undefined || ifMatch.trim() === '*') return true;
  return ifMatch.split(',').some((tag) => tag.trim() === entityTag(version));
}

/** Whether an If-None-Match header (RFC 9110, section 13.1.2) names the version. A missing header names none. */
export function matchesIfNoneMatch(ifNoneMatch: string | undefined, version: number): boolean {
  if (ifNoneMatch === undefined) return false;
  return ifNoneMatch.trim() === '*' || opaqueTags(ifNoneMatch).includes(entityTag(version));
}

// If-None-Match uses the weak comparison, because a cache may weaken a tag.
const opaqueTags = (list: string) => list.split(',').map((tag) => tag.trim().replace(/^W\//, ''));
