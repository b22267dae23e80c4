import type { Route } from '@polyglot-notes/service-kit';
import { markdownTable } from './markdown-table.ts';

/** A Markdown table of the routes: call, callers, summary. */
export const endpointTable = (routes: readonly Route[]): string[] =>
  markdownTable(
    ['call', 'for', 'summary'],
    routes.map(({ method, path, access, summary }) => [
      `\`${method.toUpperCase()} ${path}\``,
      callers(access),
      summary,
    ]),
  );

function callers(access: Route['access']): string {
  if (typeof access === 'object') return 'role' in access ? `${access.role}s` : access.callers.join(', ');
  return access === 'user' ? 'users' : 'everyone';
}
