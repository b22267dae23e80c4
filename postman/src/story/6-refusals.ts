import type { Folder, Step } from '../collection/story.ts';

const invalid = '400 validation_failed';
const faultsAt = (...paths: string[]) => ({ 'errors.*.path': paths });

const bodies: Step[] = [
  {
    name: 'Incomplete JSON',
    call: 'POST /api/notes',
    expect: '400 malformed_json',
    description: 'The body is `{"title":`.',
    body: '{"title":',
  },
  {
    name: 'An unknown field',
    call: 'POST /api/notes',
    expect: invalid,
    description: 'A misspelled field is refused.',
    body: { title: 'Shopping', contents: 'Milk' },
    has: faultsAt('body.contents'),
  },
  {
    name: 'Several faults at once',
    call: 'POST /api/notes',
    expect: invalid,
    description: 'An empty title, and a tag with a comma.',
    body: { title: '', tags: ['home', 'a,b'] },
    has: faultsAt('body.title', 'body.tags.1'),
  },
  {
    name: 'An empty note',
    call: 'POST /api/notes',
    expect: invalid,
    description: 'A note needs a title or content.',
    body: {},
    has: faultsAt('body'),
  },
  {
    name: 'A common password at registration',
    call: 'POST /api/auth/register',
    expect: invalid,
    description:
      'A password of less than 8 characters is refused with `password_length`, one with the own name with `password_personal`.',
    body: { email: 'nobody-{{email}}', password: 'password1' },
    has: { ...faultsAt('body.password'), 'errors.*.code': ['password_common'] },
  },
];

const queries: Step[] = [
  {
    name: 'A page that is too long',
    call: 'GET /api/notes?limit=101',
    expect: invalid,
    description: 'A page has at most 100 notes.',
    has: faultsAt('query.limit'),
  },
  {
    name: 'Sorting by relevance without a search',
    call: 'GET /api/notes?sort=relevance',
    expect: invalid,
    description: 'This order needs `search`.',
    has: faultsAt('query.sort'),
  },
  {
    name: 'An invalid cursor',
    call: 'GET /api/notes?cursor=x',
    expect: '400 invalid_cursor',
    description: 'A cursor of a list with other filters is invalid too.',
  },
];

const callers: Step[] = [
  {
    name: 'No access token',
    call: 'GET /api/users/me',
    expect: '401 unauthenticated',
    description: 'The operation needs an access token.',
    as: 'nobody',
    has: { 'header:WWW-Authenticate': 'Bearer' },
  },
  {
    name: 'A forged access token',
    call: 'GET /api/notes',
    expect: '401 unauthenticated',
    description: 'Every service verifies the signature.',
    before: "pm.variables.set('forgedToken', 'made.up.token');",
    as: 'forgedToken',
  },
  {
    name: 'A user lists all users',
    call: 'GET /api/users',
    expect: '403 forbidden',
    description: 'This operation is for admins.',
    as: 'token',
  },
  {
    name: 'A user changes their role',
    call: 'PATCH /api/users/{{userId}}',
    expect: '403 forbidden',
    description: 'This operation is for admins.',
    as: 'token',
    body: { role: 'admin' },
  },
  {
    name: 'A user changes the role in their profile',
    call: 'PATCH /api/users/update-me',
    expect: invalid,
    description: 'The profile of the caller has no such field.',
    body: { role: 'admin' },
    has: faultsAt('body.role'),
  },
];

const targets: Step[] = [
  {
    name: 'A note that does not exist',
    call: 'GET /api/notes/{{unknownId}}',
    expect: '404 not_found',
    description: 'No note has this id.',
  },
  {
    name: 'A path that does not exist',
    call: 'GET /api/nothing',
    expect: '404 not_found',
    description: 'The API has no such operation.',
  },
  {
    name: 'An internal path',
    call: 'PUT /internal/accounts/{{userId}}',
    expect: '404 not_found',
    description: 'The gateway forwards no path below `/internal`.',
    as: 'token',
    body: { version: 99, role: 'admin', status: 'active' },
  },
  {
    name: 'A method that does not exist',
    call: 'PUT /api/notes',
    expect: '405 method_not_allowed',
    description: '`Allow` lists the methods of the path.',
    as: 'token',
    body: {},
    check: `
      pm.test('Allow lists the methods', () => {
        pm.expect(pm.response.headers.get('Allow').split(', ')).to.include.members(['GET', 'POST']);
      });
    `,
  },
  {
    name: 'A body that is too large',
    call: 'POST /api/notes',
    expect: '413 payload_too_large',
    description: 'Three megabytes.',
    before: "pm.variables.set('threeMegabytes', 'a'.repeat(3_000_000));",
    body: { content: '{{threeMegabytes}}' },
  },
  {
    name: 'A body that is not JSON',
    call: 'POST /api/notes',
    expect: '415 unsupported_media_type',
    description: 'The content type is `text/plain`.',
    text: 'title: Shopping',
  },
];

export const refusals: Folder = {
  name: '6 Refusals',
  description:
    'Every refusal is a problem (RFC 9457) with a stable `code`. `errors` says where the fault is, and every log line of the request has the `requestId`. The collection tests this form for each refusal.',
  steps: [...bodies, ...queries, ...callers, ...targets],
};
