// Compares the Postman collection with the OpenAPI document of the running system.
import { describe, expect, test } from '@jest/globals';
import { type Content, outcomeName, readDocument } from './openapi-document.ts';
import { operationOf, type PostmanRequest, readCollection, sampleBody } from './postman-collection.ts';

const api = await readDocument();
const collection = await readCollection();

const all = collection.requests.map((request) => {
  const { method, path, expected } = request;
  return {
    ...request,
    operation: operationOf(request, api.operations),
    isToSucceed: expected !== undefined && expected.status < 400,
    call: `${method} ${path}`,
    outcome: expected && outcomeName(expected),
  };
});
const known = all.flatMap(({ operation, ...request }) =>
  operation === undefined ? [] : [{ ...request, operation }],
);

function bodyFault(request: PostmanRequest, content: Record<string, Content>): string | undefined {
  const declared = content[request.contentType];
  if (declared === undefined) return `the operation takes no ${request.contentType}`;
  return request.contentType === 'application/json' ? api.faultsOf(declared, sampleBody(request)) : undefined;
}

describe('the Postman collection', () => {
  test('states the expected outcome in the first lines of every test script', () => {
    expect(all.filter(({ expected }) => expected === undefined).map(({ name }) => name)).toEqual([]);
  });

  test('has a successful request for every operation, except those that need a mail that waits', () => {
    const shown = new Set(known.filter(({ isToSucceed }) => isToSucceed).map(({ operation }) => operation));
    expect(
      api.operations
        .filter((operation) => !shown.has(operation))
        .map((operation) => operation.name)
        .toSorted(),
    ).toEqual(['DELETE /api/auth/mails/{id}', 'POST /api/auth/mails/{id}/release']);
  });

  // A misspelt path would add a request to this list.
  test('has only these requests that are no operation', () => {
    const others = all.filter(({ operation }) => operation === undefined);
    expect(others.map((request) => `${request.call}: ${request.outcome}`)).toEqual([
      'GET /docs: 200',
      'GET {{mailUrl}}/api/email: 200',
      'GET {{mailUrl}}/api/email: 200',
      'GET /api/nothing: 404 not_found',
      'PUT /internal/accounts/{{userId}}: 404 not_found',
      'PUT /api/notes: 405 method_not_allowed',
    ]);
  });

  test('expects declared outcomes only', () => {
    const undeclared = known.filter(
      ({ operation, outcome }) => !operation.outcomes.some((declared) => outcomeName(declared) === outcome),
    );
    expect(undeclared.map(({ name, outcome }) => `${name}: ${outcome}`)).toEqual([]);
  });

  test('uses declared query parameters and headers only', () => {
    const undeclared = known.flatMap(({ name, operation, queryParameters, headers }) => {
      const declared = new Set(operation.parameters.map((parameter) => `${parameter.in} ${parameter.name}`));
      const used = [
        ...queryParameters.map((parameter) => `query ${parameter}`),
        ...headers.map((header) => `header ${header}`),
      ];
      return used.filter((parameter) => !declared.has(parameter)).map((parameter) => `${name}: ${parameter}`);
    });
    expect(undeclared).toEqual([]);
  });

  test('sends a valid body in every successful request that has one', () => {
    const faults = known
      .filter(({ isToSucceed }) => isToSucceed)
      .flatMap(({ operation, ...request }) => {
        const { content } = operation.requestBody ?? {};
        const fault =
          content === undefined ? request.body && 'the operation has no body' : bodyFault(request, content);
        return fault ? [`${request.name}: ${fault}`] : [];
      });
    expect(faults).toEqual([]);
  });

  test('uses only variables that are set', () => {
    const unknown = all.flatMap(({ name, usedVariables, ownVariables }) => {
      const set = new Set([...collection.variables.map(({ key }) => key), ...ownVariables]);
      return usedVariables.filter((variable) => !set.has(variable)).map((variable) => `${name}: ${variable}`);
    });
    expect(unknown).toEqual([]);
  });

  test('shows the URLs that it calls', () => {
    const wrong = all.filter(({ url, rawUrl }) => url !== rawUrl);
    expect(wrong.map(({ name, url, rawUrl }) => `${name}: ${rawUrl}, not ${url}`)).toEqual([]);
  });

  test('has a unique name and a description for every request', () => {
    expect(new Set(all.map(({ name }) => name)).size).toBe(all.length);
    expect(all.filter(({ description }) => description === '').map(({ name }) => name)).toEqual([]);
  });

  // The default limit is 10 a minute for each of these operations: two runs and the two logins of `npm start`.
  test('calls each operation with a strict limit at most four times, and the gateway less than 150 times', () => {
    const calls = known.filter(({ operation }) => operation['x-rate-limit'] === 'strict');
    const made = Map.groupBy(calls, ({ operation }) => operation.name);
    const tooMany = [...made].filter(([, requests]) => requests.length > 4);
    expect(tooMany.map(([name, requests]) => `${name}: ${requests.length}`)).toEqual([]);
    expect(all.filter((request) => !request.call.includes('{{mailUrl}}')).length).toBeLessThan(150);
  });

  test('contains no password, no token, and no id of an export', () => {
    const { variables, keys } = collection;
    expect(variables.filter(({ value }) => value !== '').map(({ key }) => key)).toEqual([
      'unknownId',
      'firstVersion',
      'unknownVersion',
      'tag',
      'tagWithSlash',
      'mergedTag',
      'baseUrl',
      'mailUrl',
      'adminEmail',
    ]);
    expect(variables.find(({ key }) => key === 'adminPassword')).toMatchObject({ type: 'secret' });
    expect(keys.filter((key) => /^(?:_|id$|uid$)/.test(key))).toEqual(['_postman_variable_scope']);
  });
});
