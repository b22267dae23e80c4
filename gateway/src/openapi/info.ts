import { version } from '@polyglot-notes/service-kit';

/** The response headers that no operation lists. */
export const undeclaredHeaders = [
  'Connection',
  'Content-Length',
  'Content-Type',
  'Date',
  'Keep-Alive',
  'Transfer-Encoding',
  'Content-Security-Policy',
  'Cross-Origin-Opener-Policy',
  'Cross-Origin-Resource-Policy',
  'Origin-Agent-Cluster',
  'Referrer-Policy',
  'X-Content-Type-Options',
  'X-DNS-Prefetch-Control',
  'X-Download-Options',
  'X-Frame-Options',
  'X-Permitted-Cross-Domain-Policies',
  'X-XSS-Protection',
];

export const info = {
  title: 'polyglot-notes',
  version,
  license: { name: 'MIT', identifier: 'MIT' },
  description: `Notes with tags and full-text search, for users with accounts.

**Try it here:** register or log in, press *Authorize*, and paste the \`accessToken\` from the response. Every operation
that is not public needs the header \`Authorization: Bearer …\`.

**Format.** Requests and responses are JSON in camelCase. A JSON body may have at most 2 MiB. Times are in UTC, for example
\`2026-01-31T12:00:00.000Z\`. A body with an unknown field is refused. Unknown query parameters are ignored.
A query parameter is given once; a list is written with commas, as in \`tags=work,home\`, and never as \`tags[]\`.

**Lists** are \`{ items, page }\`. Send \`page.nextCursor\` as \`?cursor=\` to read the next page, until it is null. Or use
page numbers with \`?page=\`.

**Errors** are problems (RFC 9457, \`application/problem+json\`) with a stable \`code\`. A 5xx problem has no internal
details. Every response has an \`X-Request-Id\`, which is also in the logs.

**Headers.** Each operation lists its response headers. Not listed are those of HTTP itself and those that protect
browsers: ${undeclaredHeaders.map((name) => `\`${name}\``).join(', ')}.

**Rate limits** apply per user, and per address to requests without a valid token. Operations with \`x-rate-limit\`
have a limit of their own per address; \`strict\` is the lowest. The \`RateLimit\` header shows the remaining requests of the
limit that applies. A 429 has a \`Retry-After\` header. After wrong passwords, a login is a 429 \`login_locked\` whatever the rate limit is.`,
};

/** The sections of the API reference, in their order. */
export const tags = [
  { name: 'Auth', description: 'Accounts, login and passwords' },
  { name: 'Users', description: 'Your profile, and all accounts for admins' },
  { name: 'Notes', description: 'Your notes, which nobody else can see' },
  { name: 'Trash', description: 'Deleted notes, which can be restored for a time' },
  { name: 'Versions', description: 'The history of each note' },
  { name: 'Tags', description: 'The tags of all your notes' },
  { name: 'Import and export', description: 'All your notes as a file' },
  { name: 'Changes', description: 'What a device needs to stay in step, also offline' },
  { name: 'Gateway', description: 'The API as a whole' },
  { name: 'Health', description: 'Monitoring' },
];
