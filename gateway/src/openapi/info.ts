/** What the document of the whole API says of the API as such. */
export const info = {
  title: 'polyglot-notes',
  version: '1.0.0',
  license: { name: 'MIT', identifier: 'MIT' },
  description: `Notes with tags and search, for people with accounts.

**To try it here:** register or log in, press *Authorize*, and paste the \`accessToken\` of the answer. Every call but the
public ones needs it, as \`Authorization: Bearer …\`.

**JSON** goes in and comes out, in camelCase, at most 2 MiB. Times are UTC, as in \`2026-01-31T12:00:00.000Z\`. Unknown
fields of a body are refused, unknown query parameters are ignored.

**Lists** are \`{ items, page }\`. Follow \`page.nextCursor\` with \`?cursor=\` until it is null, or count pages with
\`?page=\`.

**Refusals** are problems (RFC 9457, \`application/problem+json\`) with a stable \`code\` to branch on; 5xx says nothing of
the inside. Every answer has an \`X-Request-Id\`, which finds it in the logs.

**Limits** count by user, and by address for those without a valid token; calls by which secrets can be guessed have
stricter ones. \`RateLimit\` says what is left, a 429 when to try again.`,
};

/** The order in which the parts of the API are shown, and what they are about. */
export const tags = [
  { name: 'Auth', description: 'Accounts, log-in and passwords' },
  { name: 'Users', description: 'Your profile, and for admins the accounts of all' },
  { name: 'Notes', description: 'Your notes: nobody else can see that they exist' },
  { name: 'Gateway', description: 'The API as a whole' },
  { name: 'Health', description: 'For whoever watches the system' },
];
