import { callFinder } from '../declared-calls.ts';

/** The calls whose routes declare a long timeout; `npm run generate` writes this table from the declarations. */
const longCalls: readonly { method: string; path: string }[] = [
  // generated: long calls
  { method: 'POST', path: '/api/notes/batch' },
  { method: 'GET', path: '/api/notes/changes' },
  { method: 'GET', path: '/api/notes/export' },
  { method: 'POST', path: '/api/notes/import' },
  { method: 'PATCH', path: '/api/notes/tags/{tag}' },
  { method: 'DELETE', path: '/api/notes/tags/{tag}' },
  { method: 'DELETE', path: '/api/notes/trash' },
  // generated: end
];

/** The declared call with a long timeout that a request makes; undefined for any other request. */
export const longCallOf = callFinder(longCalls);
