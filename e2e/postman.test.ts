// Compares the Postman collection with the OpenAPI document of the running system, and runs it with npm run postman.
import { execFile } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { freePorts, root, startTestSystem, testServers } from '@polyglot-notes/local-stack/testing';
import type { TestSystem } from '@polyglot-notes/local-stack/testing';
import { buildAccount, createClient, logIn, scaled, unique } from '@polyglot-notes/service-kit/testing';
import { urls } from './client.ts';
import { outcomeName, readDocument } from './openapi-document.ts';
import { operationOf, readCollection, sampleBody } from './postman-collection.ts';
import { describeOwn } from './systems.ts';

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

describe('the Postman collection', () => {
  test('states the expected outcome in the first lines of every test script', () => {
    expect(all.filter(({ expected }) => expected === undefined).map(({ name }) => name)).toEqual([]);
  });

  test('has a successful request for every operation', () => {
    const shown = new Set(known.filter(({ isToSucceed }) => isToSucceed).map(({ operation }) => operation));
    expect(
      api.operations.filter((operation) => !shown.has(operation)).map((operation) => operation.name),
    ).toEqual([]);
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
        const declared = operation.requestBody?.content['application/json'];
        const fault = declared
          ? api.faultsOf(declared, sampleBody(request))
          : request.body && 'the operation has no body';
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
  test('calls each operation with a strict limit at most four times, and makes less than 150 requests', () => {
    const calls = known.filter(({ operation }) => operation['x-rate-limit'] === 'strict');
    const made = Map.groupBy(calls, ({ operation }) => operation.name);
    const tooMany = [...made].filter(([, requests]) => requests.length > 4);
    expect(tooMany.map(([name, requests]) => `${name}: ${requests.length}`)).toEqual([]);
    expect(all.length).toBeLessThan(150);
  });

  test('contains no password, no token, and no id of an export', () => {
    const { variables, keys } = collection;
    expect(variables.filter(({ value }) => value !== '').map(({ key }) => key)).toEqual([
      'unknownId',
      'baseUrl',
      'mailUrl',
      'adminEmail',
    ]);
    expect(variables.find(({ key }) => key === 'adminPassword')).toMatchObject({ type: 'secret' });
    expect(keys.filter((key) => /^(?:_|id$|uid$)/.test(key))).toEqual(['_postman_variable_scope']);
  });
});

/** Runs `npm run postman`. */
function npmRunPostman(environment: Record<string, string>) {
  return new Promise<{ code: unknown; output: string }>((resolve) => {
    execFile(
      'npm',
      ['run', 'postman'],
      { cwd: root, env: { ...process.env, ...environment }, maxBuffer: 10_000_000 },
      (error, stdout, stderr) => resolve({ code: error?.code ?? 0, output: stdout + stderr }),
    );
  });
}

/** Runs one request of the collection against the shared system, with the variables that earlier ones have saved. */
async function runOne(name: string, saved: Record<string, string>) {
  const text = await readFile(join(root, 'postman/polyglot-notes.postman_collection.json'), 'utf8');
  const { variable, ...rest } = JSON.parse(text);
  const variables = Object.entries({ ...saved, baseUrl: urls.gateway, mailUrl: testServers().mailUrl });
  const set = variables.map(([key, value]) => ({ key, value }));
  const file = join(tmpdir(), `polyglot-notes-${unique()}.json`);
  await writeFile(file, JSON.stringify({ ...rest, variable: [...variable, ...set] }));
  const newman = join(root, 'node_modules/newman/bin/newman.js');
  return new Promise<{ code: unknown; output: string }>((resolve) => {
    execFile(
      process.execPath,
      [newman, 'run', file, '--folder', name, '--verbose'],
      (error, stdout, stderr) => resolve({ code: error?.code ?? 0, output: stdout + stderr }),
    );
  });
}

/** The numbers of executed and of failed requests or assertions in newman's summary. */
function summaryOf(output: string, what: string): { executed: number; failed: number } {
  const [, executed, failed] = new RegExp(`│ +${what} │ +(\\d+) │ +(\\d+) │`).exec(output) ?? [];
  return { executed: Number(executed), failed: Number(failed) };
}

describeOwn('npm run postman', () => {
  let system: TestSystem;
  beforeAll(async () => {
    // An empty setting counts as not set, so the defaults apply.
    system = await startTestSystem(testServers(), {
      RATE_LIMIT_MAX: '',
      RATE_LIMIT_AUTH_MAX: '',
      RATE_LIMIT_REFRESH_MAX: '',
    });
  });
  afterAll(() => system.close());

  test(
    'passes twice in a row within the default limits, and leaves no user behind',
    async () => {
      const { admin } = system;
      const environment = {
        BASE_URL: system.urls.gateway,
        MAIL_URL: testServers().mailUrl,
        ADMIN_EMAIL: admin.email,
        ADMIN_PASSWORD: admin.password,
      };
      for (let run = 1; run <= 2; run++) {
        const { code, output } = await npmRunPostman(environment);
        if (code !== 0) throw new Error(`run ${run} ended with ${String(code)}:\n${output}`);
        const requests = summaryOf(output, 'requests');
        const assertions = summaryOf(output, 'assertions');
        expect([requests.failed, assertions.failed]).toEqual([0, 0]);
        expect(requests.executed).toBeGreaterThanOrEqual(collection.requests.length);
        expect(assertions.executed).toBeGreaterThanOrEqual(collection.testCount);
      }
      const client = createClient(system.urls.gateway);
      const { body } = await client.as(await logIn(client, admin)).call('GET', '/api/users');
      expect(body.items.map(({ email }: { email: string }) => email)).toEqual([admin.email]);
    },
    scaled(180_000),
  );

  test('goes on with an access token that is about to expire or missing, by a refresh before the request', async () => {
    const client = createClient(urls.gateway);
    for (const token of ['expired', '']) {
      const { body: user } = await client.call('POST', '/api/auth/register', { body: buildAccount() });
      const state = { token, refreshToken: user.refreshToken, refreshAt: '1', userId: user.user.id };
      const { code, output } = await runOne('The user reads their profile', state);
      expect([code, output]).toEqual([0, expect.stringContaining('/api/auth/refresh')]);
    }
  });

  test('fails when a test of the collection fails', async () => {
    const { code, output } = await npmRunPostman({
      BASE_URL: urls.gateway,
      MAIL_URL: testServers().mailUrl,
      ADMIN_EMAIL: 'nobody@example.com',
      ADMIN_PASSWORD: 'not a password',
    });
    expect(code).toBe(1);
    expect(output).toContain('inside "5 Admin / The admin logs in"');
    expect(summaryOf(output, 'assertions').failed).toBeGreaterThan(0);
  });

  test('says so when nothing answers', async () => {
    const [port = 0] = await freePorts(1);
    const { code, output } = await npmRunPostman({
      BASE_URL: `http://127.0.0.1:${port}`,
      ADMIN_EMAIL: 'nobody@example.com',
      ADMIN_PASSWORD: 'not a password',
    });
    expect(code).toBe(1);
    expect(output).toContain(`Nothing answers at http://127.0.0.1:${port}`);
  });
});
