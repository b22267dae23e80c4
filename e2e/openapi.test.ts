import { Ajv2020 } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import { beforeAll, describe, expect, test } from '@jest/globals';
import { call } from './client.ts';

interface Content {
  schema: object;
  example?: unknown;
  examples?: Record<string, { value: unknown } | { $ref: string }>;
}
interface Response {
  description: string;
  headers: object;
  content?: Record<string, Content>;
}
interface Operation {
  operationId: string;
  summary: string;
  tags: string[];
  requestBody?: { content: Record<string, Content> };
  responses: Record<string, Response | { $ref: string }>;
}

// What the document says is for the assertions to judge.
// oxlint-disable-next-line typescript/no-explicit-any
let document: any;
let operations: [name: string, operation: Operation][];
beforeAll(async () => {
  document = (await call('GET', '/openapi.json')).body;
  operations = Object.entries<Record<string, Operation>>(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]): [string, Operation] => [
      `${method.toUpperCase()} ${path}`,
      operation,
    ]),
  );
});

/** What a `$ref` of the document stands for; anything else stands for itself. */
function resolve<Value extends object>(value: Value | { $ref: string }): Value {
  if (!('$ref' in value)) return value;
  const keys = value.$ref.slice('#/'.length).split('/');
  const found: unknown = keys.reduce((part, key) => part[key], document);
  if (found === undefined) throw new Error(`${value.$ref} is not in the document`);
  return found as Value;
}

const responsesOf = ({ responses }: Operation) =>
  Object.entries(responses).map(
    ([status, response]) => [Number(status), resolve<Response>(response)] as const,
  );

const examplesOf = ({ example, examples = {} }: Content): unknown[] => [
  ...(example === undefined ? [] : [example]),
  ...Object.values(examples).map((named) => resolve<{ value: unknown }>(named).value),
];

describe('the OpenAPI document', () => {
  test('has a summary, an id of its own and a described tag for each operation', () => {
    const ids = operations.map(([, { operationId }]) => operationId);
    expect(new Set(ids).size).toBe(ids.length);
    expect(operations.filter(([, { summary }]) => !summary)).toEqual([]);
    const described = document.tags.map(({ name }: { name: string }) => name);
    const used = new Set(operations.flatMap(([, { tags }]) => tags));
    expect([...used].toSorted()).toEqual(described.toSorted());
    expect(document.tags.filter(({ description }: { description: string }) => !description)).toEqual([]);
  });

  test('says what the API is and under which license', () => {
    expect(document.info).toMatchObject({
      title: 'polyglot-notes',
      version: expect.any(String),
      description: expect.any(String),
      license: { name: 'MIT' },
    });
  });

  test('names what the gateway and every service may answer to any call', () => {
    for (const [name, operation] of operations) {
      const ofAll = name.includes(' /api/')
        ? [400, 405, 408, 429, 431, 500, 502, 503, 504]
        : [400, 405, 408, 431, 500];
      const responses = responsesOf(operation);
      expect([name, responses.map(([status]) => status)]).toEqual([name, expect.arrayContaining(ofAll)]);
      const withoutId = responses.filter(([, { headers }]) => !('X-Request-Id' in headers));
      expect([name, withoutId]).toEqual([name, []]);
    }
  });

  test('has an example of each code of each refusal', () => {
    for (const [name, operation] of operations) {
      for (const [status, { content = {} }] of responsesOf(operation)) {
        const problem = content['application/problem+json'];
        if (problem === undefined) continue;
        const [, ofRoute] = (
          problem.schema as { allOf: [object, { properties: { code: { enum: string[] } } }] }
        ).allOf;
        const examples = examplesOf(problem) as { status: number; code: string }[];
        expect([name, examples.map((example) => example.code)]).toEqual([name, ofRoute.properties.code.enum]);
        expect(examples.every((example) => example.status === status)).toBe(true);
      }
    }
  });

  test('has an example of each body and each good answer, which fits its schema', () => {
    const ajv = new Ajv2020({ strict: false, allErrors: true });
    addFormats.default(ajv);
    ajv.addSchema(document, 'api');
    const faults: string[] = [];
    const check = (what: string, pointer: string, content: Content) => {
      const validate = ajv.getSchema(`api#${pointer}/schema`);
      if (validate === undefined) throw new Error(`${what} has no schema`);
      const examples = examplesOf(content);
      if (examples.length === 0) faults.push(`${what} has no example`);
      for (const example of examples) {
        if (!validate(example)) faults.push(`${what}: ${ajv.errorsText(validate.errors)}`);
      }
    };
    for (const [name, operation] of operations) {
      const [method = '', path = ''] = name.split(' ');
      const at = `/paths/${path.replaceAll('/', '~1')}/${method.toLowerCase()}`;
      const json = `content/${'application/json'.replace('/', '~1')}`;
      const body = operation.requestBody?.content['application/json'];
      if (body) check(`the body of ${name}`, `${at}/requestBody/${json}`, body);
      for (const [status, { content = {} }] of responsesOf(operation)) {
        const good = content['application/json'];
        if (good && status < 300) check(`${status} of ${name}`, `${at}/responses/${status}/${json}`, good);
      }
    }
    expect(faults).toEqual([]);
  });
});
