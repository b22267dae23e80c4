import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { root } from '@polyglot-notes/local-stack/testing';
import type { Operation, Outcome } from './openapi-document.ts';

interface KeyValue {
  key: string;
  value: string;
}

interface Variable extends KeyValue {
  type?: string;
}

interface Event {
  listen: 'prerequest' | 'test';
  script: { exec: string[] };
}

/** A folder, if it has items of its own, or else a request. */
interface Item {
  name: string;
  item?: Item[];
  event?: Event[];
  request?: {
    method: string;
    header: KeyValue[];
    body?: { raw: string };
    url: { raw: string; host: string[]; path: string[]; query?: KeyValue[] };
    description?: string;
  };
}

/** One request of the collection. */
export interface PostmanRequest {
  /** With its folders: `3 Notes / A note is read`. */
  name: string;
  description: string;
  method: string;
  /** `{{baseUrl}}/api/notes/{{noteId}}`, built from its parts; `rawUrl` is the one that Postman shows. */
  url: string;
  rawUrl: string;
  /** Without the host of the gateway: `/api/notes/{{noteId}}`. */
  path: string;
  queryParameters: string[];
  /** The names of its headers without Content-Type. */
  headers: string[];
  contentType: string;
  body: string | undefined;
  testScript: string[];
  /** The outcome that the first lines of the test script expect. */
  expected: Outcome | undefined;
  /** The variables that it uses, and those that its pre-request script sets for this request. */
  usedVariables: string[];
  ownVariables: string[];
}

/** Reads the Postman collection and its environment. */
export async function readCollection() {
  const read = async (name: string) => JSON.parse(await readFile(join(root, 'postman', name), 'utf8'));
  const [collection, environment] = await Promise.all([
    read('polyglot-notes.postman_collection.json'),
    read('local.postman_environment.json'),
  ]);
  const variables: Variable[] = [...collection.variable, ...environment.values];
  return {
    requests: requestsIn(collection.item),
    testCount: count(JSON.stringify(collection), /pm\.test\(/g),
    /** The variables of the collection, then those of the environment. */
    variables,
    /** All member names in both files. */
    keys: [...new Set([...keysIn(collection), ...keysIn(environment)])],
  };
}

function requestsIn(items: Item[], folders: string[] = []): PostmanRequest[] {
  return items.flatMap((item) => {
    const names = [...folders, item.name];
    return item.item === undefined ? [request(item, names.join(' / '))] : requestsIn(item.item, names);
  });
}

function request({ request: sent, event = [] }: Item, name: string): PostmanRequest {
  if (sent === undefined) throw new Error(`${name} is neither a folder nor a request`);
  const { method, header, body, url, description = '' } = sent;
  const { query = [] } = url;
  const scriptOf = (what: Event['listen']) =>
    event.filter(({ listen }) => listen === what).flatMap(({ script }) => script.exec);
  const address = [...url.host, ...url.path].join('/');
  const queryString = query.map(({ key, value }) => `${key}=${value}`).join('&');
  const testScript = scriptOf('test');
  return {
    name,
    description,
    method,
    url: queryString === '' ? address : `${address}?${queryString}`,
    rawUrl: url.raw,
    path: address.replace('{{baseUrl}}/', '/'),
    queryParameters: query.map(({ key }) => key),
    headers: header.map(({ key }) => key).filter((key) => key !== 'Content-Type'),
    contentType: header.find(({ key }) => key === 'Content-Type')?.value ?? 'application/json',
    body: body?.raw,
    testScript,
    expected: expectedOutcome(testScript),
    usedVariables: firstGroups(JSON.stringify(sent), /\{\{([^{}]+)\}\}/g),
    ownVariables: firstGroups(scriptOf('prerequest').join('\n'), /pm\.variables\.set\('(\w+)'/g),
  };
}

/** The status that the first line of a test script tests and, for a refusal, the code that the second one tests. */
function expectedOutcome([first = '', second = '']: string[]): Outcome | undefined {
  const [, status] =
    /^pm\.test\('status is (\d{3})', \(\) => pm\.response\.to\.have\.status\(\1\)\);$/.exec(first) ?? [];
  const [, code] =
    /^pm\.test\('code is (\w+)', \(\) => pm\.expect\(pm\.response\.json\(\)\.code\)\.to\.eql\('\1'\)\);$/.exec(
      second,
    ) ?? [];
  if (status === undefined || Number(status) >= 400 !== (code !== undefined)) return undefined;
  return code === undefined ? { status: Number(status) } : { status: Number(status), code };
}

/** The operation that a request calls. A path parameter must be a variable. */
export function operationOf(
  { method, path }: PostmanRequest,
  operations: Operation[],
): Operation | undefined {
  const asTemplate = path.split('/').map((part) => (/^\{\{\w+\}\}$/.test(part) ? '{}' : part));
  return operations.find(
    (operation) =>
      operation.method === method && operation.path.replaceAll(/\{\w+\}/g, '{}') === asTemplate.join('/'),
  );
}

/** The body with a valid value for every variable; undefined when it is not JSON. */
export function sampleBody({ body = '' }: PostmanRequest): unknown {
  const sample = (variable: string) => (/email$/i.test(variable) ? 'ada@example.com' : 'a-sample');
  try {
    return JSON.parse(body.replaceAll(/\{\{(\w+)\}\}/g, (_, variable: string) => sample(variable)));
  } catch {
    return undefined;
  }
}

const firstGroups = (text: string, pattern: RegExp) => [
  ...new Set([...text.matchAll(pattern)].map(([, group = '']) => group)),
];
const count = (text: string, pattern: RegExp) => text.match(pattern)?.length ?? 0;

function keysIn(value: unknown): string[] {
  if (Array.isArray(value)) return value.flatMap(keysIn);
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, inside]) => [key, ...keysIn(inside)]);
}
