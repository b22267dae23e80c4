import type { Operation, Step } from './operations.ts';

interface Request {
  method: string;
  path: string;
  body?: unknown;
  headers: Record<string, string>;
}

/** What the request of an operation depends on. */
export interface Target {
  id: string;
  ifMatch: string | undefined;
  /** Of the operations of a batch, or of the lines of an import. */
  steps?: Target[];
}

/** The request of an operation; undefined if it is none. */
export function requestOf(given: Operation, target: Target): Request | undefined {
  const { id, ifMatch, steps = [] } = target;
  const path = `/api/notes/${id}`;
  const headers = { ...(ifMatch !== undefined && { 'If-Match': ifMatch }) };
  switch (given.op) {
    case 'create': {
      const keyed = { ...(given.key !== undefined && { 'Idempotency-Key': given.key }) };
      return { method: 'POST', path: '/api/notes', body: given.fields, headers: keyed };
    }
    case 'patch':
      return { method: 'PATCH', path, body: given.fields, headers };
    case 'trash':
      return { method: 'DELETE', path, headers };
    case 'destroy':
      return { method: 'DELETE', path: `${path}?permanent=true`, headers };
    case 'restore':
      return { method: 'POST', path: `${path}/restore`, headers };
    case 'restore version':
      return { method: 'POST', path: `${path}/versions/${given.version}/restore`, headers };
    case 'batch': {
      const operations = given.steps.map((step, index) => operationOf(step, steps[index] ?? target));
      return {
        method: 'POST',
        path: '/api/notes/batch',
        body: { atomic: given.atomic, operations },
        headers: {},
      };
    }
    case 'import': {
      const lines = given.lines.map(({ fields, time, earlier }, index) => {
        const { id: noteId } = steps[index] ?? target;
        const at = timeOf(time);
        const flags = { pinned: false, archived: false };
        const versions = earlier.map((number) => ({
          version: number,
          content: contentOf(number),
          ...flags,
          createdAt: at,
        }));
        return JSON.stringify({ id: noteId, ...fields, createdAt: at, updatedAt: at, versions });
      });
      const type = { 'Content-Type': 'application/x-ndjson' };
      return { method: 'POST', path: '/api/notes/import', body: lines.join('\n'), headers: type };
    }
    case 'empty trash':
      return { method: 'DELETE', path: '/api/notes/trash', headers: {} };
    case 'rename tag':
      return { method: 'PATCH', path: pathOf(given), body: { name: given.name }, headers: {} };
    case 'remove tag':
      return { method: 'DELETE', path: pathOf(given), headers: {} };
    default:
      return undefined;
  }
}

/** The time of a line of an import. */
export const timeOf = (time: number): string => new Date(Date.UTC(2020, 0, 1) + time).toISOString();

/** The content of an earlier version in an import. Its other texts are those of the note. */
export const contentOf = (version: number): string => `version ${version}`;

function operationOf(step: Step, { id, ifMatch }: Target): object {
  const target = { id, ...(ifMatch !== undefined && { ifMatch }) };
  if (step.op === 'create') return { op: 'create', note: step.fields };
  if (step.op === 'patch') return { op: 'update', ...target, note: step.fields };
  if (step.op === 'restore') return { op: 'restore', ...target };
  return { op: 'delete', ...target, permanent: step.op === 'destroy' };
}

const pathOf = ({ tag }: { tag: string }) => `/api/notes/tags/${encodeURIComponent(tag)}`;
