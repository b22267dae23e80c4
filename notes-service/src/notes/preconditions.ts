/** The strong entity tag of a version (RFC 9110, section 8.8.3). */
export const entityTag = (version: number): string => `"${version}"`;

/** Whether an If-Match header (RFC 9110, section 13.1.1) allows a change of this version; none allows every change. */
export function isMet(ifMatch: string | undefined, version: number): boolean {
  if (ifMatch === undefined || ifMatch.trim() === '*') return true;
  return ifMatch.split(',').some((tag) => tag.trim() === entityTag(version));
}

/** Whether an If-None-Match header (RFC 9110, section 13.1.2) says that the client has this version; none does not. */
export function isHeld(ifNoneMatch: string | undefined, version: number): boolean {
  if (ifNoneMatch === undefined) return false;
  return ifNoneMatch.trim() === '*' || entityTags(ifNoneMatch).includes(entityTag(version));
}

// Compared weakly, as the section says: a cache may have made the tag a weak one.
const entityTags = (list: string) => list.split(',').map((tag) => tag.trim().replace(/^W\//, ''));
