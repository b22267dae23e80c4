import type { ServiceName } from '../context.ts';

const prefixes: readonly (readonly [string, ServiceName])[] = [
  ['/api/auth', 'auth'],
  ['/api/users', 'user'],
  ['/api/notes', 'notes'],
];
const singlePaths = new Map<string, ServiceName>([['/.well-known/jwks.json', 'auth']]);

/** What services keep to themselves, should one ever mount it below a public prefix. */
const privateNames = new Set(['internal', 'metrics']);

/**
 * The service that a request target (RFC 9112, section 3.2) goes to, or undefined when it goes nowhere. Forwarding is by
 * allow list, and only for paths that read the same to everyone: a path with dot segments, empty segments, or encoded
 * slashes, backslashes and dots may mean one thing here and another to the service.
 */
export function destination(target: string): ServiceName | undefined {
  const [path = ''] = target.split('?', 1);
  const single = singlePaths.get(path);
  if (single !== undefined) return single;
  for (const [prefix, service] of prefixes) {
    if (path !== prefix && !path.startsWith(`${prefix}/`)) continue;
    const segments = path.slice(prefix.length).split('/').slice(1);
    return isPublic(segments) ? service : undefined;
  }
  return undefined;
}

function isPublic(segments: string[]): boolean {
  const [first = ''] = segments;
  // The first segment names a resource or is an id: nothing that would have to be encoded.
  if (first.includes('%') || privateNames.has(first.toLowerCase())) return false;
  // An empty segment is allowed only as a trailing slash.
  return segments.every(
    (segment, index) => isPlain(segment) && (segment !== '' || index === segments.length - 1),
  );
}

const dotsOrSlashes = /^\.{1,2}$|[/\\\0]/;
const stillEncoded = /%(?:2e|2f|5c|00|25)/i;

/** Whether a segment means the same before and after it is decoded, once and twice. */
function isPlain(segment: string): boolean {
  try {
    const decoded = decodeURIComponent(segment);
    return !segment.includes('#') && !dotsOrSlashes.test(decoded) && !stillEncoded.test(decoded);
  } catch {
    return false;
  }
}
