import { operationOfCall, type Operation } from './operations.ts';

/** One request of the collection. What it does not say follows from the OpenAPI document. */
export interface Step {
  name: string;
  /** Method and path with variables and query: `GET /api/notes/{{noteId}}?limit=2`. */
  call: string;
  /** The expected outcome, `200` or `404 not_found`; by default the first success of the operation. */
  expect?: string;
  /** By default the description of the operation, or its summary. */
  description?: string;
  /** The variable that holds the access token, or `nobody`; by default a token that may call the operation. */
  as?: string;
  headers?: Record<string, string>;
  /** The JSON body; a string is JSON text. By default the first example of the operation. */
  body?: unknown;
  /** A body in plain text instead. */
  text?: string;
  /** Members of the body that replace those of the example. */
  fields?: Record<string, unknown>;
  /** A script that runs before the request. */
  before?: string;
  /** Values that the response must have, by path: `items.*.title`, `page.total`, or `header:Location`. */
  has?: Record<string, unknown>;
  /** A script with further tests; `body` is the JSON of the response. */
  check?: string;
  /** Variables to set from the response, by path. */
  save?: Record<string, string>;
  /** The variable for the access token of the response. Its refresh token is saved as well, and used when it is due. */
  saveTokens?: string;
}

/** Requests in their order; what they save is there for all that follow. */
export interface Folder {
  name: string;
  description: string;
  /** The variable that holds the access token of the requests, unless the operation is for everyone or for admins. */
  as?: string;
  /** The folder gets a request for each operation with one of these tags that the story does not call. */
  tags?: readonly string[];
  /** Whether it gets those operations that only admins may call, whatever their tag. */
  isForAdmins?: boolean;
  steps: readonly (Step | Folder)[];
}

export interface Story {
  name: string;
  description: string;
  /** The variable for the last `{id}` of a path, by the beginning of the path; for requests that are added. */
  pathVariables: Record<string, string>;
  /** Operations, `POST /things/{id}`, that succeed only in a state that no request causes. The story may show a refusal. */
  withoutSuccess?: readonly string[];
  /** Variables with a fixed value. */
  constants: Record<string, string>;
  folders: readonly Folder[];
}

export const isFolder = (part: Step | Folder): part is Folder => 'steps' in part;

export const stepsOf = (parts: readonly (Step | Folder)[]): Step[] =>
  parts.flatMap((part) => (isFolder(part) ? stepsOf(part.steps) : [part]));

/**
 * The folders of the story, each with a step for those of its operations whose success the story does not show. Throws
 * when an operation fits into no folder.
 */
export function withAllOperations(
  { folders, pathVariables, withoutSuccess = [] }: Story,
  operations: readonly Operation[],
): Folder[] {
  const shown = new Set(
    stepsOf(folders)
      .filter(({ expect = '' }) => expect < '300')
      .map((step) => operationOfCall(operations, step.call)),
  );
  const missing = new Set(
    operations.filter(
      (operation) =>
        !shown.has(operation) && !withoutSuccess.includes(`${operation.method} ${operation.path}`),
    ),
  );
  const filled = folders.map((folder) => {
    const { tags = [], isForAdmins = false } = folder;
    const own = [...missing].filter((operation) =>
      isForAdmins ? operation.isForAdmins : !operation.isForAdmins && tags.includes(operation.tags[0] ?? ''),
    );
    for (const operation of own) missing.delete(operation);
    return {
      ...folder,
      steps: [...folder.steps, ...own.map((operation) => stepFor(operation, pathVariables))],
    };
  });
  const [left] = missing;
  if (left !== undefined) throw new Error(`No folder of the story takes ${left.method} ${left.path}`);
  return filled;
}

function stepFor({ method, path, summary }: Operation, pathVariables: Record<string, string>): Step {
  const filled = path.replaceAll(/\{\w+\}/g, (parameter, offset: number) => {
    const variable = pathVariables[path.slice(0, offset) + parameter];
    if (variable === undefined) throw new Error(`The story has no variable for ${parameter} of ${path}`);
    return `{{${variable}}}`;
  });
  return { name: `${summary}: ${method} ${path}`, call: `${method} ${filled}` };
}
