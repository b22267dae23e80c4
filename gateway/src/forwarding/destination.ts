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
  const plain = segments.map(decodeFully);
  const [first] = plain;
  if (first !== undefined && privateNames.has(first.toLowerCase())) return false;
  return plain.every((segment, index) => isUnambiguous(segment, index === plain.length - 1));
}

/** An empty segment is allowed only as a trailing slash. */
const isUnambiguous = (segment: string | undefined, isLast: boolean) =>
  segment !== undefined &&
  segment !== '.' &&
  segment !== '..' &&
  !/[/\\\0#]/.test(segment) &&
  (segment !== '' || isLast);

/** Decodes until nothing changes, as a chain of decoders would. Undefined when that is not possible. */
function decodeFully(segment: string): string | undefined {
  try {
    const decoded = decodeURIComponent(segment);
    return decoded === segment ? segment : decodeFully(decoded);
  } catch {
    return undefined;
  }
}
