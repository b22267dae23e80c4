import { services, type ServiceName } from '../services.ts';

/** Paths of the services' own ports that stay private even if a service mounts them below a public prefix. */
const privateNames = new Set(['internal', 'metrics']);

/**
 * The service that a request target (RFC 9112, section 3.2) is forwarded to; undefined when there is none. Only paths
 * that the gateway and the service read alike are forwarded.
 */
export function destination(target: string): ServiceName | undefined {
  const [path = ''] = target.split('?', 1);
  return services.find((service) => isForwarded(path, service))?.name;
}

function isForwarded(path: string, service: (typeof services)[number]): boolean {
  const { paths, prefixes }: { paths: readonly string[]; prefixes: readonly string[] } = service;
  if (paths.includes(path)) return true;
  if ('textPrefix' in service && isTextAfter(service.textPrefix, path)) return true;
  return prefixes.some((prefix) => {
    const rest = path.slice(prefix.length);
    return path.startsWith(prefix) && (rest === '' || (rest.startsWith('/') && isPublic(rest.slice(1))));
  });
}

function isPublic(rest: string): boolean {
  const segments = rest.split('/');
  const [first = ''] = segments;
  // The first segment names a resource or is an id: neither needs encoding.
  if (first.includes('%') || privateNames.has(first.toLowerCase())) return false;
  // An empty segment is allowed only as a trailing slash.
  return segments.every(
    (segment, index) => isPlain(segment) && (segment !== '' || index === segments.length - 1),
  );
}

const dotsOrSlashes = /^\.{1,2}$|[/\\\0]/;
const stillEncoded = /%(?:2e|2f|5c|00|25)/i;

/** Whether a segment means the same when it is decoded once or twice. */
function isPlain(segment: string): boolean {
  const decoded = decode(segment);
  if (decoded === undefined || segment.includes('#')) return false;
  return !dotsOrSlashes.test(decoded) && !stillEncoded.test(decoded);
}

function isTextAfter(prefix: string, path: string): boolean {
  if (!path.startsWith(prefix)) return false;
  const segment = path.slice(prefix.length).replace(/\/$/, '');
  const decoded = decode(segment);
  return decoded !== undefined && !decoded.includes('\0') && !/^\.{0,2}$|[/\\#]/.test(segment);
}

function decode(segment: string): string | undefined {
  try {
    return decodeURIComponent(segment);
  } catch {
    return undefined;
  }
}
