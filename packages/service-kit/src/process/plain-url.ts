/**
 * Parses an absolute URL with one of these schemes (`https`), as WHATWG URL does. Undefined for blanks, control characters
 * and missing slashes, which that parser tolerates, and for credentials in an http or https URL.
 */
export function parsePlainUrl(value: string, schemes: readonly string[]): URL | undefined {
  if (/[\s\p{Cc}]/u.test(value) || !/^[a-z][a-z0-9+.-]*:\/\//i.test(value)) return undefined;
  const url = URL.parse(value);
  if (url === null || !schemes.includes(url.protocol.slice(0, -1))) return undefined;
  const hasCredentials = url.username !== '' || url.password !== '';
  return hasCredentials && /^https?:$/.test(url.protocol) ? undefined : url;
}
