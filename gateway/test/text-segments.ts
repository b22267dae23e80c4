/** Tags and how they are written in a path, all with characters that are refused everywhere else. */
export const textSegments: [tag: string, segment: string][] = [
  ['a/b', 'a%2Fb'],
  ['a/b', 'a%2fb'],
  ['/', '%2F'],
  ['..', '%2E%2E'],
  ['..', '.%2e'],
  ['.', '%2e'],
  ['a\\b', 'a%5Cb'],
  ['%2F', '%252F'],
  ['%2e%2e', '%252e%252e'],
  ['../../internal', '..%2F..%2Finternal'],
  ['../../../metrics', '%2E%2E%2F%2E%2E%2F%2E%2E%2Fmetrics'],
];

/** Paths with the segment where it must not be forwarded, although they are close to the one where it is. */
export const notTagPaths = (segment: string): string[] => [
  `/api/notes/${segment}`,
  `/api/notes/tags${segment.startsWith('%') ? segment : `/${segment}/${segment}`}`,
  `/api/notes/tags/${segment}/x`,
  `/api/notes/tags/${segment}/internal`,
  `/api/notes/tags/x/${segment}`,
  `/api/notes/tags//${segment}`,
  `/api/notes/./tags/${segment}`,
  `/api/notes//tags/${segment}`,
  `/api/notes/TAGS/${segment}`,
  `/api/notes/trash/${segment}`,
  `/api/auth/tags/${segment}`,
  `/api/users/tags/${segment}`,
  `/internal/tags/${segment}`,
  `/${segment}`,
];
