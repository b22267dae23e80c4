import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Validator } from '@seriousme/openapi-schema-validator';
import { beforeAll, describe, expect, test } from '@jest/globals';
import { limitedCalls } from '@polyglot-notes/gateway/testing';
import { root } from '@polyglot-notes/local-stack/testing';
import { codesOf, readDocument, type ApiDocument } from './openapi-document.ts';

let api: ApiDocument;
beforeAll(async () => {
  api = await readDocument();
});

describe('the OpenAPI document', () => {
  test('is the one that the client and the Postman collection are generated from', () => {
    const generatedFrom = readFileSync(join(root, 'packages/client/openapi.json'), 'utf8');
    expect(api.json).toEqual(JSON.parse(generatedFrom));
  });

  test('is valid', async () => {
    const { valid, errors } = await new Validator().validate(structuredClone(api.json));
    expect(errors ?? []).toEqual([]);
    expect(valid).toBe(true);
  });

  test('has a summary, an id of its own and a described tag for each operation', () => {
    const ids = api.operations.map(({ operationId }) => operationId);
    expect(new Set(ids).size).toBe(ids.length);
    expect(api.operations.filter(({ summary }) => !summary)).toEqual([]);
    const described = api.json.tags.map(({ name }: { name: string }) => name);
    const used = new Set(api.operations.flatMap(({ tags }) => tags));
    expect([...used].toSorted()).toEqual(described.toSorted());
    expect(api.json.tags.filter(({ description }: { description: string }) => !description)).toEqual([]);
  });

  test('says what the API is and under which license', () => {
    expect(api.json.info).toMatchObject({
      title: 'polyglot-notes',
      version: expect.any(String),
      description: expect.any(String),
      license: { name: 'MIT' },
    });
  });

  test('names what the gateway and every service may answer to any call', () => {
    for (const { name, path, responses } of api.operations) {
      const ofAll = path.startsWith('/api/')
        ? [400, 405, 408, 429, 431, 500, 502, 503, 504]
        : [400, 405, 408, 431, 500];
      expect([name, [...responses.keys()]]).toEqual([name, expect.arrayContaining(ofAll)]);
      const withoutId = [...responses.values()].filter(({ headers }) => !('X-Request-Id' in headers));
      expect([name, withoutId]).toEqual([name, []]);
    }
  });

  test('declares the problem codes that docs/operations/problems.md explains', () => {
    const text = readFileSync(join(root, 'docs/operations/problems.md'), 'utf8');
    const explained = [...text.matchAll(/^## (\w+)$/gm)].map(([, code]) => code!);
    const refusals = api.operations.flatMap(({ responses }) =>
      [...responses.values()].flatMap(({ content }) => content?.['application/problem+json'] ?? []),
    );
    const declared = refusals.flatMap(codesOf);
    expect(explained.toSorted()).toEqual([...new Set(declared)].toSorted());
  });

  test('shows the limit of each call that has its own at the gateway', () => {
    const shown = api.operations.flatMap(({ name, 'x-rate-limit': limit }) =>
      limit === undefined ? [] : [`${name} ${limit}`],
    );
    const limited = limitedCalls.map(({ method, path, limit }) => `${method} ${path} ${limit}`);
    expect(shown.toSorted()).toEqual(limited.toSorted());
  });

  test('has an example of each code of each refusal', () => {
    for (const { name, responses } of api.operations) {
      for (const [status, { content = {} }] of responses) {
        const problem = content['application/problem+json'];
        if (problem === undefined) continue;
        const examples = api.examplesOf(problem) as { status: number; code: string }[];
        expect([name, examples.map(({ code }) => code)]).toEqual([name, codesOf(problem)]);
        expect(examples.every((example) => example.status === status)).toBe(true);
      }
    }
  });

  test('has an example of each body and each good answer, which fits its schema', () => {
    for (const { name, requestBody, responses } of api.operations) {
      const good = [...responses].filter(([status]) => status < 300).map(([, response]) => response);
      for (const { content } of [requestBody, ...good].filter((part) => part !== undefined)) {
        const json = content?.['application/json'];
        if (json === undefined) continue;
        const examples = api.examplesOf(json);
        expect([name, examples.length]).not.toEqual([name, 0]);
        expect([name, ...examples.map((example) => api.faultsOf(json, example))]).toEqual([
          name,
          ...examples.map(() => ''),
        ]);
      }
    }
  });
});
