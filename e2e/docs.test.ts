import { existsSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { newUser, send } from '@polyglot-notes/service-kit/testing';
import { chromium, type Browser, type Page } from 'playwright-core';
import { api, urls } from './client.ts';

const page = new URL('/docs/', urls.gateway);
const fetchText = async (url: URL) => {
  const response = await fetch(url);
  return { status: response.status, headers: response.headers, text: await response.text() };
};

/** The URLs that a browser loads for a page. */
const referencesIn = (html: string) =>
  [...html.matchAll(/<(?:script|link|img|iframe)[^>]* (?:src|href)="([^"]+)"/g)].map(
    ([, reference = '']) => new URL(reference, page),
  );

describe('the API reference', () => {
  test('is at /docs/, and /docs redirects there', async () => {
    const { status, headers } = await send(urls.gateway, '/docs');
    expect([status, headers.location]).toEqual([308, '/docs/']);
  });

  test('is a page that runs only files of the gateway', async () => {
    const { status, headers, text } = await fetchText(page);
    expect(status).toBe(200);
    expect(headers.get('content-type')).toBe('text/html; charset=utf-8');
    const policy = headers.get('content-security-policy') ?? '';
    expect(policy).toMatch(/^default-src 'none';script-src 'self';style-src 'self';/);
    expect(policy).not.toMatch(/unsafe|https?:|\*/);
    expect(text).not.toMatch(/<script(?![^>]* src=)|<style| on\w+=/);
  });

  test('loads every part from the gateway, with the right type', async () => {
    const types: Record<string, string> = {};
    for (const url of referencesIn((await fetchText(page)).text)) {
      expect(url.origin).toBe(urls.gateway);
      const { status, headers } = await fetchText(url);
      expect([url.pathname, status]).toEqual([url.pathname, 200]);
      types[url.pathname] = headers.get('content-type') ?? '';
    }
    expect(types).toEqual({
      '/docs/favicon-32x32.png': 'image/png',
      '/docs/initializer.js': 'text/javascript; charset=utf-8',
      '/docs/page.css': 'text/css; charset=utf-8',
      '/docs/swagger-ui-bundle.js': 'text/javascript; charset=utf-8',
      '/docs/swagger-ui.css': 'text/css; charset=utf-8',
    });
  });

  test('has style sheets that load nothing else', async () => {
    for (const name of ['page.css', 'swagger-ui.css']) {
      expect((await fetchText(new URL(name, page))).text).not.toMatch(/@import|url\((?!["']?data:)/);
    }
  });

  test('is sent again only when it has changed', async () => {
    const first = await send(urls.gateway, '/docs/swagger-ui-bundle.js');
    const etag = String(first.headers.etag);
    const again = await send(urls.gateway, '/docs/swagger-ui-bundle.js', {
      headers: { 'If-None-Match': etag },
    });
    expect([again.status, again.body]).toEqual([304, '']);
  });

  test.each(['/docs/index.html', '/docs/package.json', '/docs/swagger-ui.js', '/docs/../package.json'])(
    'serves nothing else: %s',
    async (path) => expect((await send(urls.gateway, path)).status).toBe(404),
  );
});

const chromiumPath = [process.env['CHROMIUM_PATH'], '/usr/bin/chromium'].find(
  (path) => path !== undefined && existsSync(path),
);
if (chromiumPath === undefined) {
  console.log(
    'There is no /usr/bin/chromium and no CHROMIUM_PATH: the test of the API reference in a browser is skipped.',
  );
}
const describeInBrowser = chromiumPath === undefined ? describe.skip : describe;

describeInBrowser('the API reference in a browser', () => {
  let browser: Browser;
  let tab: Page;
  const foreign: string[] = [];
  const complaints: string[] = [];
  beforeAll(async () => {
    browser = await chromium.launch({
      executablePath: chromiumPath ?? '',
      args: ['--no-sandbox', '--disable-gpu', '--disable-background-networking'],
    });
    tab = await browser.newPage();
    await tab.route('**/*', async (route) => {
      const url = route.request().url();
      if (new URL(url).origin === urls.gateway) return route.continue();
      foreign.push(url);
      return route.abort();
    });
    tab.on('console', (message) => {
      if (message.type() === 'error') complaints.push(message.text());
    });
    tab.on('pageerror', (error) => complaints.push(error.message));
  });
  afterAll(() => browser.close());

  /** Opens an operation, sends the call that the page proposes, and returns the answer on the page. */
  async function tryIt(operationId: string) {
    const operation = tab.locator(`#operations-${operationId}`);
    await operation.locator('.opblock-summary').click();
    await operation.getByRole('button', { name: 'Execute' }).click();
    const answer = operation.locator('.live-responses-table');
    return {
      status: await answer.locator('tbody .response-col_status').innerText(),
      text: await answer.innerText(),
    };
  }

  test('can use a token and try calls, without another host', async () => {
    const user = await newUser(api);
    await tab.goto(page.href);
    await tab.getByRole('button', { name: 'Authorize', exact: true }).click();
    await tab.getByLabel('auth-bearer-value').fill(user.token);
    await tab.getByLabel('Apply credentials').click();
    await tab.getByRole('button', { name: 'Close', exact: true }).click();

    const read = await tryIt('Users-getApiUsersMe');
    expect(read.status).toMatch(/^200/);
    expect(read.text).toContain(user.email);
    expect(read.text).toMatch(/Request duration\s+\d+ ms/);

    // Sends the example of the reference.
    const changed = await tryIt('Users-patchApiUsersUpdateMe');
    expect(changed.status).toMatch(/^200/);
    expect((await user.call('GET', '/api/users/me')).body.bio).toBe('Writes things down');

    expect(foreign).toEqual([]);
    expect(complaints).toEqual([]);
  });
});
