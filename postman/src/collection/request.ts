import { z } from 'zod';
import { linesOf } from './lines.ts';
import { operationOfCall, partsOfCall, type Operation } from './operations.ts';
import { testScript } from './scripts.ts';
import type { Step } from './story.ts';

/** One request of a collection, made of its step and the operation that it calls. */
export function requestItem(step: Step, operations: readonly Operation[], folderToken: string): object {
  const operation = operationOfCall(operations, step.call);
  const [success] = operation?.successes.keys() ?? [];
  const outcome = step.expect ?? success;
  if (outcome === undefined)
    throw new Error(`${step.name}: ${step.call} is no operation; say what to expect`);
  const schema = operation?.successes.get(outcome);
  const body = bodyOf(step, operation, outcome);
  const before = linesOf(step.before);
  const token = step.as ?? tokenFor(operation, folderToken);
  return {
    name: step.name,
    event: [
      ...(before.length === 0 ? [] : [script('prerequest', before)]),
      script('test', testScript(step, outcome, schema)),
    ],
    request: {
      ...(token !== 'token' && { auth: token === 'nobody' ? { type: 'noauth' } : bearer(token) }),
      method: partsOfCall(step.call).method,
      header: Object.entries(step.headers ?? {}).map(([key, value]) => ({ key, value })),
      ...(step.text !== undefined && { body: { mode: 'raw', raw: step.text } }),
      ...(body !== undefined && { body: jsonBody(body) }),
      url: urlOf(step.call),
      description: step.description ?? operation?.description ?? operation?.summary ?? '',
    },
    response: [],
  };
}

function tokenFor(operation: Operation | undefined, folderToken: string): string {
  if (operation === undefined || operation.isPublic) return 'nobody';
  return operation.isForAdmins ? 'adminToken' : folderToken;
}

function bodyOf({ body, fields }: Step, operation: Operation | undefined, outcome: string): unknown {
  if (body !== undefined) return body;
  if (fields !== undefined) return { ...z.looseObject({}).parse(operation?.example), ...fields };
  return outcome < '400' ? operation?.example : undefined;
}

const jsonBody = (body: unknown) => ({
  mode: 'raw',
  raw: typeof body === 'string' ? body : JSON.stringify(body, undefined, 2),
  options: { raw: { language: 'json' } },
});

function urlOf(call: string): object {
  const { path, query } = partsOfCall(call);
  const raw = path.startsWith('/') ? `{{baseUrl}}${path}` : path;
  const [host = '', ...segments] = raw.split('/');
  const pairs = query?.split('&').map((pair) => pair.split(/=(.*)/)) ?? [];
  return {
    raw: query === undefined ? raw : `${raw}?${query}`,
    host: [host],
    path: segments,
    ...(query !== undefined && { query: pairs.map(([key, value]) => ({ key, value })) }),
  };
}

export const bearer = (variable: string): object => ({
  type: 'bearer',
  bearer: [{ key: 'token', value: `{{${variable}}}`, type: 'string' }],
});

export const script = (listen: 'prerequest' | 'test', exec: readonly string[]): object => ({
  listen,
  script: { type: 'text/javascript', exec },
});
