// Runs the Postman collection with npm run postman.
import { execFile } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { root, startTestSystem, testServers, type TestSystem } from '@polyglot-notes/local-stack/testing';
import { buildAccount, createClient, freePort, logIn, unique } from '@polyglot-notes/service-kit/testing';
import { readCollection } from '../postman-collection.ts';

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

/** Runs one request of the collection against a system, with the variables that earlier ones have saved. */
async function runOne(gateway: string, name: string, saved: Record<string, string>) {
  const text = await readFile(join(root, 'postman/polyglot-notes.postman_collection.json'), 'utf8');
  const { variable, ...rest } = JSON.parse(text);
  const variables = Object.entries({ ...saved, baseUrl: gateway, mailUrl: testServers().mailUrl });
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

describe('npm run postman', () => {
  let system: TestSystem;
  let unlimited: TestSystem;
  beforeAll(async () => {
    // An empty setting counts as not set, so the defaults apply.
    system = await startTestSystem(testServers(), {
      RATE_LIMIT_MAX: '',
      RATE_LIMIT_AUTH_MAX: '',
      RATE_LIMIT_REFRESH_MAX: '',
    });
    unlimited = await startTestSystem(testServers());
  });
  afterAll(async () => {
    await system.close();
    await unlimited.close();
  });

  test('passes twice in a row within the default limits, and leaves no user behind', async () => {
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
      const { requests: all, testCount } = await readCollection();
      expect(requests.executed).toBeGreaterThanOrEqual(all.length);
      expect(assertions.executed).toBeGreaterThanOrEqual(testCount);
    }
    const client = createClient(system.urls.gateway);
    const { body } = await client.as(await logIn(client, admin)).call('GET', '/api/users');
    expect(body.items.map(({ email }: { email: string }) => email)).toEqual([admin.email]);
  });

  test('goes on with an access token that is about to expire or missing, by a refresh before the request', async () => {
    const client = createClient(unlimited.urls.gateway);
    for (const token of ['expired', '']) {
      const { body: user } = await client.call('POST', '/api/auth/register', { body: buildAccount() });
      const state = { token, refreshToken: user.refreshToken, refreshAt: '1', userId: user.user.id };
      const { code, output } = await runOne(unlimited.urls.gateway, 'The user reads their profile', state);
      expect([code, output]).toEqual([0, expect.stringContaining('/api/auth/refresh')]);
    }
  });

  test('fails when a test of the collection fails', async () => {
    const { code, output } = await npmRunPostman({
      BASE_URL: unlimited.urls.gateway,
      MAIL_URL: testServers().mailUrl,
      ADMIN_EMAIL: 'nobody@example.com',
      ADMIN_PASSWORD: 'not a password',
    });
    expect(code).toBe(1);
    expect(output).toContain('inside "5 Admin / The admin logs in"');
    expect(summaryOf(output, 'assertions').failed).toBeGreaterThan(0);
  });

  test('says so when nothing answers', async () => {
    const port = await freePort();
    const { code, output } = await npmRunPostman({
      BASE_URL: `http://127.0.0.1:${port}`,
      ADMIN_EMAIL: 'nobody@example.com',
      ADMIN_PASSWORD: 'not a password',
    });
    expect(code).toBe(1);
    expect(output).toContain(`Nothing answers at http://127.0.0.1:${port}`);
  });
});
